namespace Lowrank.Training;

/// <summary>Rows whose prompts are asked in other words: facts, for one, are no question.</summary>
static class AskedRows
{
    /// <summary>Stands in what is asked where a row's own prompt goes.</summary>
    public const string Input = "{input}";

    /// <summary>The rows with their prompts asked so: as messages where there is a chat template, else as texts.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="prompt">What is asked; empty leaves the rows as they are.</param>
    /// <param name="hasTemplate">Whether the model has a chat template.</param>
    /// <param name="path">Their file, as an error says it.</param>
    /// <exception cref="LowrankException">No row has a prompt that is a text.</exception>
    public static ExampleRows Of(ExampleRows rows, string prompt, bool hasTemplate, string path)
    {
        if (prompt.Length == 0) return rows;
        if (rows.Examples.FirstOrDefault(row => row.Prompt?.Text is null) is { } other)
            throw new LowrankException($"prompt says what is asked of a row's text, and {other.Place} has none that is asked " +
                $"({path} holds {rows.Layout}). Leave prompt out, or tell by columns which field is the prompt, as in prompt=question.");
        return rows with { Examples = [.. rows.Examples.Select(row => Asked(row, prompt, hasTemplate))] };
    }

    static Example Asked(Example row, string prompt, bool hasTemplate)
    {
        string asked = prompt.Replace(Input, row.Prompt!.Text, StringComparison.Ordinal);
        if (!hasTemplate) return row with { Prompt = Said.Of(asked) };
        return row with
        {
            Prompt = Message("user", asked),
            Completion = Answer(row.Completion),
            Chosen = Answer(row.Chosen),
            Rejected = Answer(row.Rejected),
        };
    }

    static Said? Answer(Said? said) => said?.Text is { } text ? Message("assistant", text) : said;

    static Said Message(string role, string text) => Said.Of([new ChatMessage(role, text)]);
}
