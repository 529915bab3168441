# frozen_string_literal: true

module Bridge
  # The look of the project's own pages. It stands in their head, so that no file has to be copied
  # to where the web server finds it; pages of other projects stay as they are.
  class PageStyle < Redmine::Hook::ViewListener
    def view_layouts_base_html_head(context)
      registry = Registry.load
      project = context[:project]
      return '' unless project && project.id == registry.id('project', 'project')

      context[:hook_caller].render(partial: 'bridge/style', locals: { fields: fields(registry) })
    end

    private

    # { key => CSS class that Redmine gives the field }
    def fields(registry)
      registry.keys('field').map { |key| [key, "cf_#{registry.id('field', key)}"] }.to_h
    end
  end
end
