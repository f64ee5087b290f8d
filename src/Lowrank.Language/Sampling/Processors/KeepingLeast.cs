namespace Lowrank.Language;

/// <summary>Thresholds that leave a number of tokens in any case.</summary>
static class KeepingLeast
{
    internal static void DropBelow(Span<float> logits, float threshold, int least) =>
        Logits.DropBelow(logits, Math.Min(threshold, Logits.Largest(logits, Math.Clamp(least, 1, logits.Length))));
}
