namespace Lowrank.Torch;

/// <summary>How attention is cut into groups whose scores stay in the processor's cache, and when that is the faster road.</summary>
/// <param name="Heads">Heads of what asks.</param>
/// <param name="KeyHeads">Heads of what is asked; divides Heads.</param>
/// <param name="Scale">By which the scores are multiplied.</param>
/// <param name="Causal">Whether a token sees only itself and those before it.</param>
/// <param name="Rows">Tokens asking at a time.</param>
/// <param name="Batches">Members of the batch at a time.</param>
/// <param name="KeyHeadsAtOnce">Key heads at a time.</param>
/// <param name="PaddedKeys">Keys, those included that fill up the last vector of each row.</param>
sealed record AttentionPlan(
    long Heads, long KeyHeads, double Scale, bool Causal, long Rows, long Batches, long KeyHeadsAtOnce, long PaddedKeys)
{
    const long GroupBytes = 4 << 20;
    const int Vector = 32;   // bfloat16 numbers of 512 bits: libtorch's softmax of 77 costs more than that of 96

    /// <summary>The plan for q (B, T, heads·d) and keys (B, S, key heads·d).</summary>
    public static AttentionPlan Of(Tensor q, Tensor k, long heads, long keyHeads, bool causal)
    {
        var (batch, tokens, channels) = q.shape;
        long keys = k.shape[1], padded = causal ? keys : (keys + Vector - 1) / Vector * Vector;
        long rowBytes = heads / keyHeads * padded * q.element_size();   // of one key head
        long rows = Math.Min(tokens, !causal ? tokens : Narrow(q) && tokens > 512 ? 256 : 128);
        while (rows * rowBytes > GroupBytes && rows > 64) rows = (rows + 1) / 2;
        long units = Math.Max(1, GroupBytes / (rows * rowBytes));
        long atOnce = Divisor(keyHeads, units), batches = atOnce < keyHeads ? 1 : Divisor(batch, units / keyHeads);
        return new(heads, keyHeads, 1 / Math.Sqrt(channels / (double)heads), causal, rows, batches, atOnce, padded);
    }

    /// <summary>Whether the products are faster than libtorch's kernel; measured on Zen 5 (see docs/performance.md).</summary>
    /// <remarks>
    /// In bfloat16, which the kernel widens row by row, from 8,192 scores on where there is a way back, which takes 0.2 to 0.6 of its time
    /// with the way there, from 65,536 on without, in 0.25 to 0.85. In float32 only where half the scores need not be made: causal
    /// attention of 512 to 768 tokens, in 0.75.
    /// </remarks>
    public static bool IsFaster(Tensor q, Tensor k, long heads, bool causal, bool backward)
    {
        long tokens = q.shape[1], keys = k.shape[1];
        if (q.device_type != DeviceType.CPU || q.numel() == 0 || (causal && tokens != keys)) return false;
        if (q.dtype == ScalarType.Float32) return causal && tokens is >= 512 and <= 768;
        return Narrow(q) && q.shape[0] * heads * tokens * keys >= (backward ? 8 << 10 : 64 << 10);
    }

    static bool Narrow(Tensor q) => q.dtype == ScalarType.BFloat16 && Processor.Current.MultipliesBFloat16;

    // The largest divisor that is at most so large.
    static long Divisor(long number, long most)
    {
        long divisor = Math.Min(number, most);
        while (number % divisor != 0) divisor--;
        return divisor;
    }
}
