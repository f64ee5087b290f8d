using Lowrank.Language;

namespace Lowrank.Workbench;

/// <summary>Cuts texts into a model's tokens, or joins tokens to a text.</summary>
public sealed class TokenizingJob : Job<TokenizingRequest, TokenizingReport>
{
    /// <inheritdoc/>
    protected override TokenizingReport Work(TokenizingRequest request, JobRun run)
    {
        var loaded = Tokenizers.Load(request.Model);
        foreach (string note in loaded.Notes) run.Say(note);
        if (request.Decode) return new(loaded.Kind, [Decoded(request.Ids, loaded.Tokenizer)]);
        return new(loaded.Kind, [.. request.Texts.Select(text => Row(text, request, loaded, run))]);
    }

    static TokenizedRow Decoded(IReadOnlyList<int> ids, TextTokenizer tokenizer)
    {
        var unknown = ids.Where(id => tokenizer.Token(id) is null).ToList();
        if (unknown.Count > 0)
            throw new LowrankException($"no token has the id {string.Join(", ", unknown)}: ids go from 0 to {tokenizer.Size - 1}.");
        var tokens = ids.Select(id => new ShownToken(id, tokenizer.Token(id)!, 0, 0, false));
        return new(tokenizer.Decode(ids, skipSpecials: false), [.. tokens]);
    }

    static TokenizedRow Row(string text, TokenizingRequest request, LoadedTokenizer loaded, JobRun run)
    {
        var tokenizer = loaded.Tokenizer;
        if (!request.Chat) return Shown(text, tokenizer.Encode(text, !request.Plain, !request.Plain), tokenizer);
        if (loaded.ChatTemplates.Count == 0) throw new LowrankException($"{request.Model} has no chat template.");
        var template = new ChatTemplate(loaded.ChatTemplates, loaded.SpecialTexts);
        var rendered = template.Render(Conversation.Of(text, request.System), new() { AddGenerationPrompt = true });
        foreach (string note in TemplateNotes.Idle(template)) run.Say(note);
        foreach (string omission in TemplateOmissions.Of(rendered.Text, text, request.System)) run.Say(omission);
        var tokens = rendered.Encode(tokenizer);
        foreach (string note in TemplateNotes.Begins(tokens.Ids, tokenizer)) run.Say(note);
        return Shown(rendered.Text, tokens, tokenizer);
    }

    static TokenizedRow Shown(string text, TokenizedText tokens, TextTokenizer tokenizer) => new(
        text,
        [
            .. tokens.Ids.Select((id, at) =>
                new ShownToken(id, tokenizer.Token(id) ?? "", tokens.Offsets[at].Start, tokens.Offsets[at].End, tokens.Added[at] == 1)),
        ]);
}
