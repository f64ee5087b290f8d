namespace Lowrank.Language;

/// <summary>Progress of a part of something: its 0 to 1 is a stretch of the whole's.</summary>
/// <param name="whole">Told of the whole; null for nobody.</param>
/// <param name="from">Where the part begins, 0 to 1.</param>
/// <param name="to">Where it ends.</param>
sealed class ShareOf(IProgress<double>? whole, double from, double to) : IProgress<double>
{
    /// <inheritdoc/>
    public void Report(double value) => whole?.Report(from + value * (to - from));
}
