using Lowrank.Diffusion;
using Lowrank.Training;

namespace Lowrank.Cli;

/// <summary>The options that put styles of a file on the prompts.</summary>
sealed class StyleOptions
{
    readonly Option<string[]> styles = new("--style")
    {
        HelpName = "NAME",
        Description = "a style that is put on all prompts; may be given several times",
    };

    readonly Option<string> file = new("--styles-file")
    {
        HelpName = "FILE.csv",
        Description = "where styles stand, with the columns name, prompt and negative_prompt",
        DefaultValueFactory = _ => "styles.csv",
    };

    /// <summary>The options.</summary>
    public Option[] All => [styles, file];

    /// <summary>The request with the styles that were typed, and with those that an axis may name.</summary>
    /// <param name="request">The request.</param>
    /// <param name="result">What was typed.</param>
    /// <param name="areOnAxis">Whether an axis names styles.</param>
    /// <param name="known">Told what of the file is not read.</param>
    /// <exception cref="LowrankException">No such file, or no such style.</exception>
    public GeneratingRequest Apply(GeneratingRequest request, ParseResult result, bool areOnAxis, Account known)
    {
        string[] names = result.GetValue(styles) ?? [];
        if (names.Length == 0 && !areOnAxis && !result.IsGiven(file)) return request;
        if (!areOnAxis && new OptionNeed(file, styles).Idle(result) is { } idle) known.Leaves("idle_option", idle);
        string path = result.GetRequiredValue(file);
        if (!result.IsGiven(file) && !File.Exists(path))
            throw new LowrankException(
                $"There is no {path} here, where styles are looked for. Give the file that holds them by {file.Name}.");
        GivenFiles.RequireText(file.Name, path);
        var sheet = StyleSheet.ReadFile(path);
        foreach (string note in sheet.Notes) known.Leaves("styles", note);
        return request.WithStyles(sheet, names) with { Styles = sheet };
    }
}
