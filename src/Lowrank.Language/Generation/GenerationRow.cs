using System.Diagnostics;

namespace Lowrank.Language;

/// <summary>One text while it is written: its tokens, who chooses them, and whether it goes on.</summary>
sealed class GenerationRow
{
    readonly GenerationOptions options;
    readonly TokenSampler sampler;
    readonly MersenneTwister? generator;
    readonly RowText text;
    readonly IReadOnlyList<int> ends;
    readonly List<int> ids;
    readonly int promptLength, most, vocabulary;
    readonly long begun = Stopwatch.GetTimestamp();

    /// <summary>A text before its first token.</summary>
    /// <param name="number">Number of the request.</param>
    /// <param name="request">The request.</param>
    /// <param name="model">The model.</param>
    /// <param name="shared">The generator of all rows; null for one of its own.</param>
    public GenerationRow(int number, GenerationRequest request, LanguageModel model, MersenneTwister? shared)
    {
        Number = number;
        options = request.Options;
        ids = [.. request.Prompt];
        promptLength = ids.Count;
        vocabulary = model.VocabularySize;
        var sampling = model.WithEnds(options);
        ends = sampling.EndTokens;
        most = Math.Min(sampling.MaxNewTokens, model.RoomFor(options) - promptLength);
        bool draws = sampling.Samples || options.LlamaCpp is not null;
        Seed = draws ? options.Seed ?? Random.Shared.NextInt64(uint.MaxValue) : null;
        generator = sampling.Samples ? shared ?? new MersenneTwister(Seed!.Value) : null;
        sampler = RowSamplers.Of(options, sampling, model, Seed ?? 0, generator);
        text = new RowText(model.Tokenizer, ids, options);
    }

    /// <summary>Number of the request.</summary>
    public int Number { get; }

    /// <summary>The seed of its draws; null where none are made.</summary>
    public long? Seed { get; }

    /// <summary>Tokens of prompt and text.</summary>
    public IReadOnlyList<int> Ids => ids;

    /// <summary>How many tokens of the prompt were read before.</summary>
    public int CachedTokens { get; set; }

    /// <summary>Why it ended; null while it goes on.</summary>
    public FinishReason? Finish { get; private set; }

    /// <summary>Goes on by a token.</summary>
    /// <param name="logits">The model's for this place; written into.</param>
    public GeneratedPiece Take(Span<float> logits)
    {
        int id = sampler.Next(new(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(ids), promptLength), logits);
        ids.Add(id);
        bool isEnd = ends.Contains(id);
        string piece = isEnd && !options.KeepsControl ? "" : text.Add(id);
        Finish = ReasonAfter(isEnd);
        return Piece(piece) with { Token = id };
    }

    FinishReason? ReasonAfter(bool isEnd)
    {
        if (isEnd) return FinishReason.EndToken;
        if (text.Stop is not null) return FinishReason.StopString;
        int written = ids.Count - promptLength;
        if (written >= most) return written >= options.Sampling.MaxNewTokens ? FinishReason.MaxTokens : FinishReason.ContextFull;
        bool isLate = options.MaxTime is { } time && Stopwatch.GetElapsedTime(begun) > time;
        return isLate ? FinishReason.MaxTime : null;
    }

    /// <summary>Ends it where it stands.</summary>
    public GeneratedPiece End()
    {
        Finish ??= FinishReason.Stopped;
        return Piece("");
    }

    /// <summary>Takes what a draw would from the generator of all rows, where the text has ended.</summary>
    public void Pass()
    {
        if (generator is not null) TransformersSampler.Pass(generator, vocabulary);
    }

    GeneratedPiece Piece(string piece)
    {
        if (Finish is not { } reason) return new(Number, piece, null);
        piece += text.Finish();
        if (text.Stop is not null) Finish = reason = FinishReason.StopString;
        var whole = new GeneratedText(text.Shown, ids[promptLength..], reason)
        {
            PromptTokens = promptLength, CachedTokens = CachedTokens, Stop = text.Stop, Seed = Seed,
        };
        return new(Number, piece, whole);
    }
}
