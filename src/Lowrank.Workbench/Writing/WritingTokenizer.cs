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
        if (choice.Tokenizer is { } given) return Tokenizers.Load(given);
        var own = choice.Adapters.Select(adapter => adapter.Path).Where(Tokenizers.AreIn).ToList();
        var tokenizer = Tokenizers.Load(own.Count > 0 ? own[0] : choice.Path);
        if (own.Count > 0) run.Say($"The tokenizer of {own[0]} is used, as it comes with the adapter.");
        foreach (string other in own.Skip(1)) run.Say($"The tokenizer of {other} is not used: that of {own[0]} is.");
        return WithTemplates(tokenizer, choice, run);
    }

    // An adapter's folder may hold a template alone, and a tokenizer without one leaves the model's.
    static LoadedTokenizer WithTemplates(LoadedTokenizer tokenizer, WritingModelChoice choice, JobRun run)
    {
        foreach (var adapter in choice.Adapters)
        {
            if (Tokenizers.AreIn(adapter.Path) || Tokenizers.TemplatesIn(adapter.Path) is not { Count: > 0 } templates) continue;
            run.Say($"The chat template of {adapter.Path} is used, as it comes with the adapter.");
            return tokenizer with { ChatTemplates = templates };
        }
        if (tokenizer.ChatTemplates.Count > 0 || !Directory.Exists(choice.Path)) return tokenizer;
        return Tokenizers.TemplatesIn(choice.Path) is { Count: > 0 } of ? tokenizer with { ChatTemplates = of } : tokenizer;
    }
}
