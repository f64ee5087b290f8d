using static Lowrank.Workbench.AxisForms;

namespace Lowrank.Workbench;

/// <summary>Axes over prompts and how they are read.</summary>
static class PromptAxes
{
    public static IReadOnlyList<GridAxis<GeneratingRequest>> All { get; } =
    [
        new("Prompt", GridValueKind.Text, (request, value, _) => request with { Prompts = [value.Text] }) { LabelOf = Alone },
        Option("Negative prompt", "negative", GridValueKind.Text, (options, value) => options with { NegativePrompt = value.Text }),
        new("Prompt S/R", GridValueKind.Text, Replaced)
        {
            LabelOf = Alone, OtherNames = ["Prompt replace", "replace", "Prompt SR"], Adds = true,
        },
        new("Prompt order", GridValueKind.Order, Reordered) { LabelOf = Alone, OtherNames = ["order of words"], Adds = true },
        new("Styles", GridValueKind.Text, WithStyles) { OtherNames = ["style"], Turn = 2, Adds = true, IsNothing = IsNone },
        Option("Clip skip", "clip skip", GridValueKind.Whole, (options, value) => options with { ClipSkip = Int(value) }),
        Option("Max tokens", "max tokens", GridValueKind.Whole, (options, value) => WithMaxTokens(options, Int(value))),
        Option("Emphasis", "emphasis", GridValueKind.Text, (options, value) =>
            options with { Encoding = OfWebUi("emphasis", options) with { Emphasis = Word<Emphasis>(value) } }) with { Turn = 1 },
        Option("Comma backtrack", "comma backtrack", GridValueKind.Whole, (options, value) =>
            options with { Encoding = OfWebUi("comma backtrack", options) with { Backtrack = Int(value) } }) with { Turn = 1 },
    ];

    // One, or several with commas between; a name that holds a comma is found whole.
    static GeneratingRequest WithStyles(GeneratingRequest request, GridValue value, IReadOnlyList<GridValue> all)
    {
        if (request.Styles is not { } sheet) throw Lacking("styles", "a file of styles", "`styles file`");
        if (sheet.Styles.Any(style => style.Name == value.Text)) return request.WithStyles(sheet, [value.Text]);
        const StringSplitOptions trimmed = StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;
        return IsNone(value) ? request : request.WithStyles(sheet, value.Text.Split(',', trimmed));
    }

    // Plain words that are given for a program with signs hold the number themselves.
    static GenerateOptions WithMaxTokens(GenerateOptions options, int most)
    {
        if (options.Encoding is PlainEncoding plain) options = options with { Encoding = plain with { MaxTokens = most } };
        return options with { MaxTokens = most };
    }

    static WebUiEncoding OfWebUi(string name, GenerateOptions options) => options.Encoding as WebUiEncoding
        ?? throw Lacking(name, "prompts in a1111's syntax", "`syntax` a1111 or `compat` a1111");

    static GeneratingRequest Replaced(GeneratingRequest request, GridValue value, IReadOnlyList<GridValue> all)
    {
        string negative = request.Options.NegativePrompt ?? "";
        var (prompt, changed) = PromptSearch.Replace(request.Prompts[0], negative, all[0].Text, value.Text);
        var options = changed == negative ? request.Options : request.Options with { NegativePrompt = changed };
        return request with { Prompts = [prompt], Options = options };
    }

    static GeneratingRequest Reordered(GeneratingRequest request, GridValue value, IReadOnlyList<GridValue> all) =>
        request with { Prompts = [PromptSearch.Reorder(request.Prompts[0], value.Words)] };
}
