namespace Lowrank.Language;

/// <summary>The fields that rows are read by, and the layouts that they tell.</summary>
static class ExampleFields
{
    /// <summary>Names of all of them.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "text", "text2", "prompt", "completion", "messages", "conversations", "instruction", "input", "output", "system", "history",
        "tools", "chosen", "rejected", "margin", "label", "input_ids", "labels", "completion_mask", "chat_template_kwargs",
        "tokens", "tags", "question", "context", "answers",
    ];

    /// <summary>The fields that make a layout, the most telling first: the answer may be missing in a row.</summary>
    public static IReadOnlyList<(ExampleLayout Layout, string[] Needs, string[] Without)> Layouts { get; } =
    [
        (ExampleLayout.Tokens, ["input_ids"], []),
        (ExampleLayout.Preference, ["chosen", "rejected"], []),
        (ExampleLayout.Unpaired, ["prompt", "completion", "label"], []),
        (ExampleLayout.PromptCompletion, ["prompt", "completion"], []),
        (ExampleLayout.Messages, ["messages"], []),
        (ExampleLayout.ShareGpt, ["conversations"], []),
        (ExampleLayout.Alpaca, ["instruction", "output"], []),
        (ExampleLayout.Tagged, ["tokens", "tags"], []),
        (ExampleLayout.Question, ["question", "context", "answers"], []),
        (ExampleLayout.Labelled, ["text", "label"], []),
        (ExampleLayout.Text, ["text"], ["label"]),
    ];

    /// <summary>What stands for a field of a layout.</summary>
    public static bool Has(DataRow row, ExampleOptions options, string field) => row.Has(Column(options, field));

    /// <summary>The column that stands for a field.</summary>
    public static string Column(ExampleOptions options, string field) => options.Columns.GetValueOrDefault(field, field);

    /// <summary>The layout of a row; null where its fields are none's.</summary>
    public static ExampleLayout? Of(DataRow row, ExampleOptions options)
    {
        foreach (var (layout, needs, without) in Layouts)
            if (needs.All(field => Has(row, options, field)) && !without.Any(field => Has(row, options, field))) return layout;
        return null;
    }
}
