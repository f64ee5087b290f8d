namespace Lowrank.Language;

/// <summary>A vocabulary as GGUF files hold it.</summary>
sealed class GgufTokens
{
    readonly string[] texts;
    readonly float[] scores;
    readonly int[] types;

    /// <summary>So many tokens that nothing is known of.</summary>
    /// <param name="count">How many.</param>
    /// <param name="score">Their score.</param>
    public GgufTokens(int count, float score = 0)
    {
        texts = [.. Enumerable.Range(0, count).Select(id => $"[PAD{id}]")];
        scores = [.. Enumerable.Repeat(score, count)];
        types = [.. Enumerable.Repeat((int)SentencePieceType.Unused, count)];
    }

    /// <summary>How many there are.</summary>
    public int Count => texts.Length;

    /// <summary>The texts, by ids.</summary>
    public IReadOnlyList<string> Texts => texts;

    /// <summary>What a token is.</summary>
    public SentencePieceType TypeOf(int id) => (SentencePieceType)types[id];

    /// <summary>Tells a token.</summary>
    public void Set(int id, string text, SentencePieceType type, float score = 0)
    {
        (texts[id], types[id], scores[id]) = (text, (int)type, score);
    }

    /// <summary>Tells one that was added to the model's own; llama.cpp takes some for control tokens whatever they are said to
    /// be.</summary>
    public void SetAdded(int id, string text, bool isSpecial, float score = 0)
    {
        if (isSpecial || LooksSpecial(text)) Set(id, text, SentencePieceType.Control, score);
        else Set(id, text.Replace('\u2581', ' '), SentencePieceType.UserDefined, score);
    }

    static bool LooksSpecial(string text)
    {
        if (text is "<pad>" or "<mask>" or "<2mass>" or "[@BOS@]") return true;
        (string Begin, string End)[] marks = [("<|", "|>"), ("<\uff5c", "\uff5c>"), ("<unused", ">")];
        return marks.Any(mark => text.StartsWith(mark.Begin, StringComparison.Ordinal)
            && text.EndsWith(mark.End, StringComparison.Ordinal));
    }

    /// <summary>Its keys.</summary>
    /// <param name="model">The kind of tokenizer.</param>
    /// <param name="split">The name of the split.</param>
    /// <param name="hasScores">Whether scores are told.</param>
    public IEnumerable<GgufEntry> Entries(string model, string split, bool hasScores)
    {
        yield return new("tokenizer.ggml.model", model);
        yield return new("tokenizer.ggml.pre", split);
        yield return new("tokenizer.ggml.tokens", new GgufArray(texts));
        if (hasScores) yield return new("tokenizer.ggml.scores", GgufArray.Of<float>(scores));
        yield return new("tokenizer.ggml.token_type", GgufArray.Of<int>(types));
    }
}
