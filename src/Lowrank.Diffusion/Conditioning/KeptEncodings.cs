using System.Runtime.CompilerServices;
using Lowrank.Models;

namespace Lowrank.Diffusion;

/// <summary>
/// What text encoders said of the last tokens that they were given, for as long as they would say the same: a negative prompt is the same
/// in most pictures, and a prompt where only the seed is another.
/// </summary>
/// <remarks>
/// A batch is known again by all of its tokens, so that what is kept has the very bits of encoding anew, whatever was drawn before. An
/// encoder says something else once a weight of its was written into or replaced, adapters were attached, switched or trained, or a block
/// chooses among them; then it is asked, as it is for words that were taught. Values lie in .NET's memory, up to half a megabyte for a
/// batch, and go with the encoder.
/// </remarks>
sealed class KeptEncodings
{
    // Prompts of several chunks are as many batches.
    const int Most = 16;

    // By encoder; of the batches the one that was asked for last is the last.
    static readonly ConditionalWeakTable<ClipTextModel, List<Kept>> kept = [];

    readonly ClipTextModel encoder;
    readonly EncoderState state;
    readonly Device device;
    readonly EncoderStanding? standing;

    sealed record Kept(string Tokens, EncoderState State, EncoderStanding Standing, KeptTensor States, KeptTensor Pooled);

    /// <summary>Those of an encoder as it stands now.</summary>
    /// <param name="encoder">The encoder.</param>
    /// <param name="state">The state that counts.</param>
    /// <param name="device">Where the encoder lies.</param>
    public KeptEncodings(ClipTextModel encoder, EncoderState state, Device device)
    {
        (this.encoder, this.state, this.device) = (encoder, state, device);
        standing = EncoderStanding.Of(encoder);
    }

    /// <summary>What it says of a batch of chunks, in the caller's scope.</summary>
    public EncodedText Of(IReadOnlyList<TokenChunk> batch)
    {
        long[] ids = [.. batch.SelectMany(chunk => chunk.Ids)];
        bool isTaught = Array.Exists(ids, id => id >= encoder.Config.VocabularySize);
        if (isTaught || standing is null) return Ask(ids, batch.Count);
        string tokens = $"{batch.Count} on {device}: {string.Join(' ', ids)}";
        var own = kept.GetOrCreateValue(encoder);
        if (Find(own, tokens) is { } known) return new(known.States.On(device), known.Pooled.On(device));
        var said = Ask(ids, batch.Count);
        Keep(own, new(tokens, state, standing, KeptTensor.Of(said.States), KeptTensor.Of(said.Pooled)));
        return said;
    }

    EncodedText Ask(long[] ids, int rows)
    {
        using var scope = NewDisposeScope();
        var output = encoder.Run(tensor(ids, device: device).view(rows, -1));
        var pooled = output.TextEmbeds ?? output.Pooled;
        return new(scope.MoveToOuter(state.Of(encoder, output)), scope.MoveToOuter(pooled));
    }

    Kept? Find(List<Kept> own, string tokens)
    {
        lock (own)
        {
            own.RemoveAll(one => !one.Standing.IsSame(standing!));
            int at = own.FindIndex(one => one.Tokens == tokens && one.State == state);
            if (at < 0) return null;
            var found = own[at];
            own.RemoveAt(at);
            own.Add(found);
            return found;
        }
    }

    static void Keep(List<Kept> own, Kept said)
    {
        lock (own)
        {
            own.Add(said);
            if (own.Count > Most) own.RemoveAt(0);
        }
    }
}
