using Lowrank.Language;

namespace Lowrank.Workbench;

/// <summary>Which tokenizer and which chat template a model is used with: those that its adapters were trained with, where they have
/// some.</summary>
static class WritingTokenizer
{
    /// <summary>The tokenizer of a choice.</summary>
    /// <exception cref="LowrankException">It is missing or damaged.</exception>
    public static LoadedTokenizer Of(WritingModelChoice choice, JobRun run)
    {
        var own = choice.Adapters.Select(adapter => adapter.Path).Where(Tokenizers.AreIn).Distinct().ToList();
        string place = choice.Tokenizer ?? own.FirstOrDefault() ?? choice.Path;
        var tokenizer = Tokenizers.Load(place);
        if (own.Contains(place)) run.Say($"The tokenizer of {place} is used, as it comes with the adapter.");
        foreach (string other in own.Where(other => other != place))
            run.Say($"The tokenizer of {other} is not used: that of {place} is.");
        return WithTemplates(tokenizer, place, choice, run);
    }

    // An adapter's folder may hold a template alone, and a tokenizer without one leaves the model's.
    static LoadedTokenizer WithTemplates(LoadedTokenizer tokenizer, string place, WritingModelChoice choice, JobRun run)
    {
        foreach (var adapter in choice.Adapters)
        {
            if (Tokenizers.AreIn(adapter.Path) || Tokenizers.TemplatesIn(adapter.Path) is not { Count: > 0 } templates) continue;
            run.Say($"The chat template of {adapter.Path} is used, as it comes with the adapter.");
            return tokenizer with { ChatTemplates = templates };
        }
        if (tokenizer.ChatTemplates.Count > 0 || place == choice.Path) return tokenizer;
        var own = Directory.Exists(choice.Path) ? Tokenizers.TemplatesIn(choice.Path) : Tokenizers.Load(choice.Path).ChatTemplates;
        if (own.Count == 0) return tokenizer;
        run.Say($"The chat template is that of {choice.Path}: {place} has none.");
        return tokenizer with { ChatTemplates = own };
    }
}
