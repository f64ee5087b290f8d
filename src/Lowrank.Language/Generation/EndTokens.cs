namespace Lowrank.Language;

/// <summary>The tokens that end a model's texts: those that any of its files names.</summary>
static class EndTokens
{
    // A message whose text no template writes by itself.
    const string Answer = "qzx";

    /// <summary>Those of config, generation config and tokenizer, and the one that the template ends an answer with.</summary>
    public static IReadOnlyList<int> Of(LanguageConfig config, IReadOnlyList<int> told, TextTokenizer tokenizer, ChatTemplate? template)
    {
        IEnumerable<int> all = [.. config.EndIds, .. told];
        if (tokenizer.Specials.End is { } end) all = all.Append(end);
        if (template is not null && OfAnswers(template, tokenizer) is { } turn) all = all.Append(turn);
        return [.. all.Where(id => id >= 0 && id < config.VocabularySize).Distinct()];
    }

    /// <summary>A sentence on those that files name and the network does not know, so that no text ends at them.</summary>
    public static IEnumerable<string> Unknown(LanguageConfig config, IReadOnlyList<int> told)
    {
        int[] beyond = [.. config.EndIds.Concat(told).Where(id => id < 0 || id >= config.VocabularySize).Distinct()];
        if (beyond.Length == 0) yield break;
        string which = beyond.Length == 1 ? "token" : "tokens", them = beyond.Length == 1 ? "it" : "them";
        yield return $"eos_token_id names the {which} {string.Join(", ", beyond)}, and the network knows {config.VocabularySize}: no " +
            $"text ends at {them}.";
    }

    // The control token that stands right behind an answer; null where text does, or nothing.
    static int? OfAnswers(ChatTemplate template, TextTokenizer tokenizer)
    {
        try
        {
            var text = template.Render(new([new("user", Answer), new("assistant", Answer)]));
            int behind = text.Text.LastIndexOf(Answer, StringComparison.Ordinal) + Answer.Length;
            if (behind < Answer.Length) return null;
            var ids = tokenizer.Encode(text.Text[behind..].TrimStart(), addSpecials: false).Ids;
            return ids.Count > 0 && tokenizer.IsControl(ids[0]) ? ids[0] : null;
        }
        catch (TemplateException)
        {
            return null;   // it takes no such conversation; what it writes is seen where it is used
        }
    }
}
