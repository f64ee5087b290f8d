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
        Option("Clip skip", "clip skip", GridValueKind.Whole, (options, value) => options with { ClipSkip = Int(value) }),
        Option("Max tokens", "max tokens", GridValueKind.Whole, (options, value) => options with { MaxTokens = Int(value) }),
        Option("Emphasis", "emphasis", GridValueKind.Text, (options, value) =>
            options with { Encoding = OfWebUi("emphasis", options).With(Word<Emphasis>(value)) }) with { Turn = 1 },
        Option("Comma backtrack", "comma backtrack", GridValueKind.Whole, (options, value) =>
            options with { Encoding = OfWebUi("comma backtrack", options).With(Int(value)) }) with { Turn = 1 },
    ];

    static WebUiEncoding OfWebUi(string name, GenerateOptions options) => options.Encoding as WebUiEncoding
        ?? throw Lacking(name, "prompts in a1111's syntax", "--syntax a1111 or --compat a1111");

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
