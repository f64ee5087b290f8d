using Lowrank.Language;

namespace Lowrank.Workbench;

/// <summary>Which tokenizer and which chat template a model is used with: those that its adapters were trained with, where they have
/// some.</summary>
static class WritingTokenizer
{
    /// <summary>The tokenizer of a choice.</summary>
    /// <returns>It, and sentences on whose chat template it has, for who writes messages.</returns>
    /// <exception cref="LowrankException">It is missing or damaged.</exception>
    public static (LoadedTokenizer Tokenizer, IReadOnlyList<string> TemplateNotes) Of(WritingModelChoice choice, JobRun run)
    {
        var own = choice.Adapters.Select(adapter => adapter.Path).Where(Tokenizers.AreIn).Distinct().ToList();
        string place = choice.Tokenizer ?? own.FirstOrDefault() ?? choice.Path;
        var tokenizer = Tokenizers.Load(place);
        if (own.Contains(place)) run.Say($"The tokenizer of {place} is used, as it comes with the adapter.");
        foreach (string other in own.Where(other => other != place))
            run.Say($"The tokenizer of {other} is not used: that of {place} is.");
        return WithTemplates(tokenizer, place, choice);
    }

    // An adapter's folder may hold a template alone, and a tokenizer without one leaves the model's. What is typed comes before both.
    static (LoadedTokenizer Tokenizer, IReadOnlyList<string> TemplateNotes) WithTemplates(
        LoadedTokenizer tokenizer, string place, WritingModelChoice choice)
    {
        bool isTyped = choice.Tokenizer is not null && tokenizer.ChatTemplates.Count > 0;
        var notes = new List<string>();
        foreach (string adapter in choice.Adapters.Select(one => one.Path).Distinct())
        {
            if (Tokenizers.AreIn(adapter) || Tokenizers.TemplatesIn(adapter) is not { Count: > 0 } templates) continue;
            if (!isTyped) return (tokenizer with { ChatTemplates = templates },
                [$"The chat template of {adapter} is used, as it comes with the adapter."]);
            notes.Add($"The chat template of {adapter} is not used: that of {place} is, which was given.");
        }
        if (tokenizer.ChatTemplates.Count > 0 || place == choice.Path) return (tokenizer, notes);
        var own = Tokenizers.TemplatesIn(choice.Path);
        return own.Count == 0 ? (tokenizer, notes)
            : (tokenizer with { ChatTemplates = own }, [$"The chat template is that of {choice.Path}: {place} has none."]);
    }
}
