namespace Lowrank.Language;

/// <summary>A row of data as training takes it; which of its parts are there is its layout's.</summary>
/// <param name="Place">Where it stands, as errors say it: <c>data.jsonl, row 3 (line 4)</c>.</param>
public sealed record Example(string Place)
{
    /// <summary>All that is said, where the row does not part it.</summary>
    public Said? Whole { get; init; }

    /// <summary>What is asked.</summary>
    public Said? Prompt { get; init; }

    /// <summary>The answer.</summary>
    public Said? Completion { get; init; }

    /// <summary>The better of two answers.</summary>
    public Said? Chosen { get; init; }

    /// <summary>The worse of two answers.</summary>
    public Said? Rejected { get; init; }

    /// <summary>Whether an answer that stands alone is a good one.</summary>
    public bool? IsGood { get; init; }

    /// <summary>By how much the chosen answer is the better.</summary>
    public double? Margin { get; init; }

    /// <summary>The tools of a conversation, as JSON schemas.</summary>
    public IReadOnlyList<object?>? Tools { get; init; }

    /// <summary>What else the chat template is told for this row.</summary>
    public IReadOnlyDictionary<string, object?> Variables { get; init; } = new Dictionary<string, object?>();

    /// <summary>A text with a class or a score.</summary>
    public LabelledExample? Labelled { get; init; }

    /// <summary>Words with a label each.</summary>
    public TaggedWords? Tagged { get; init; }

    /// <summary>A question whose answer stands in a text.</summary>
    public AskedQuestion? Question { get; init; }

    /// <summary>Ids, where the row brings them itself.</summary>
    public IReadOnlyList<int>? Ids { get; init; }

    /// <summary>Labels of these ids, -100 where nothing counts.</summary>
    public IReadOnlyList<int>? Labels { get; init; }

    /// <summary>1 where one of these ids belongs to the answer.</summary>
    public IReadOnlyList<int>? AnswerMask { get; init; }
}
