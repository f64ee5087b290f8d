using System.Globalization;

namespace Lowrank.Workbench;

/// <summary>Texts whose tokens are asked for, or ids whose text is.</summary>
/// <param name="Model">The model's folder or file, or its tokenizer's.</param>
/// <param name="Texts">The texts; with <see cref="Decode"/> the ids of one text.</param>
public sealed record TokenizingRequest(string Model, IReadOnlyList<string> Texts) : IJobRequest
{
    /// <summary>Whether the texts are ids.</summary>
    public bool Decode { get; init; }

    /// <summary>Whether texts are messages in the model's chat template.</summary>
    public bool Chat { get; init; }

    /// <summary>What the system says before the message.</summary>
    public string? System { get; init; }

    /// <summary>Whether no begin or end token is added, and none is recognised in the text.</summary>
    public bool Plain { get; init; }

    /// <summary>The ids that are typed, with spaces or commas between them.</summary>
    internal IReadOnlyList<int> Ids => [.. Words.Select(word => int.Parse(word, CultureInfo.InvariantCulture))];

    IEnumerable<string> Words =>
        Texts.SelectMany(text => text.Split([' ', ',', '\n', '\t', '[', ']'], StringSplitOptions.RemoveEmptyEntries));

    /// <inheritdoc/>
    public IEnumerable<string> Faults()
    {
        if (Texts.Count == 0) yield return "There is no text. What is to be cut into tokens?";
        if (System is not null && !Chat) yield return "`system` speaks in a conversation. Add `chat`.";
        if (Chat && (Decode || Plain)) yield return "`chat` writes a message with its template; it goes with neither `decode` nor `plain`.";
        if (Decode && Plain) yield return "`plain` says how a text is cut, and `decode` cuts none: all ids are shown. Leave one out.";
        if (!Decode) yield break;
        foreach (string word in Words)
        {
            bool isId = int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out _);
            if (!isId) yield return $"\"{word}\" is no id of a token.";
        }
    }

    /// <inheritdoc/>
    public IJobRequest Placed(Func<string, string> find) => this with { Model = find(Model) };
}
