namespace Lowrank.Language;

/// <summary>Which fields the rows of a file have.</summary>
public enum ExampleLayout
{
    /// <summary><c>text</c>.</summary>
    Text,

    /// <summary><c>prompt</c> and <c>completion</c>, texts or messages.</summary>
    PromptCompletion,

    /// <summary><c>messages</c> of <c>role</c> and <c>content</c>, perhaps with <c>tools</c>.</summary>
    Messages,

    /// <summary><c>instruction</c>, <c>input</c>, <c>output</c>, perhaps with <c>system</c> and <c>history</c>.</summary>
    Alpaca,

    /// <summary><c>conversations</c> of <c>from</c> and <c>value</c>, perhaps with <c>system</c> and <c>tools</c>.</summary>
    ShareGpt,

    /// <summary><c>chosen</c> and <c>rejected</c>, with <c>prompt</c> or without.</summary>
    Preference,

    /// <summary><c>prompt</c>, <c>completion</c> and <c>label</c>, true for a good answer.</summary>
    Unpaired,

    /// <summary><c>text</c>, perhaps <c>text2</c>, and <c>label</c>: classes or scores.</summary>
    Labelled,

    /// <summary><c>tokens</c> and <c>tags</c>: words, and a label of each.</summary>
    Tagged,

    /// <summary><c>question</c>, <c>context</c> and <c>answers</c> with <c>text</c> and <c>answer_start</c>, as SQuAD has them.</summary>
    Question,

    /// <summary><c>input_ids</c>, perhaps with <c>labels</c> or <c>completion_mask</c>.</summary>
    Tokens,
}
