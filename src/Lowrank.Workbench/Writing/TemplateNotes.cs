using Lowrank.Language;

namespace Lowrank.Workbench;

/// <summary>What is told of a model's chat templates, where messages are written by them.</summary>
static class TemplateNotes
{
    /// <summary>A sentence on the templates that plain messages never take.</summary>
    public static IEnumerable<string> Idle(ChatTemplate? template)
    {
        if (template is null) yield break;
        var others = template.Variants.Where(name => name != ChatTemplate.Default).Order(StringComparer.Ordinal).ToList();
        if (others.Count == 0) yield break;
        yield return $"Of the chat templates {ChatTemplate.Default} is used, and not {string.Join(", ", others)}: no message brings " +
            "tools or documents.";
    }

    /// <summary>A sentence where the template writes the begin token, and one more.</summary>
    /// <param name="prompt">The tokens of a conversation.</param>
    /// <param name="tokenizer">The tokenizer.</param>
    public static IEnumerable<string> Begins(IReadOnlyList<int> prompt, TextTokenizer tokenizer)
    {
        if (tokenizer.Specials.Begin is not { } begin || prompt is not [var first, var second, ..]) yield break;
        if (first == begin && second == begin)
            yield return $"The chat template writes the begin token {tokenizer.Token(begin)} twice, and the model reads it so. Is one in " +
                "the template's text and one in its bos_token?";
    }
}
