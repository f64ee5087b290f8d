namespace Lowrank.Workbench;

/// <summary>The scripts that are run.</summary>
static class WebUiScripts
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<WebUiScript> All { get; } = [new XyzPlotScript(), new PromptMatrixScript(), new PromptLinesScript()];

    /// <summary>The one of a title.</summary>
    /// <exception cref="LowrankException">There is none here.</exception>
    public static WebUiScript Named(string title) =>
        All.FirstOrDefault(script => script.Title.Equals(title, StringComparison.OrdinalIgnoreCase)) ?? throw new LowrankException(
            $"The script \"{title}\" is not run here. There are: {string.Join(", ", All.Select(script => script.Title))}.");
}
