namespace Lowrank.Language;

/// <summary>Divides logits: below 1 the likely tokens gain, above 1 the unlikely ones.</summary>
/// <param name="temperature">Above 0.</param>
public sealed class Temperature(float temperature) : LogitsProcessor
{
    /// <inheritdoc/>
    public override void Process(TokenHistory history, Span<float> logits) => Logits.Divide(logits, temperature);
}
