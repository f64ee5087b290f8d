namespace Lowrank.Models;

/// <summary>"proportional": the waves are those of the whole head, and of them only the first part turns.</summary>
/// <param name="settings">What all kinds have; its rotated numbers are the head's.</param>
/// <param name="share">How much of a head turns.</param>
/// <param name="factor">By what waves are stretched.</param>
sealed class ProportionalRope(RopeSettings settings, double share, double factor) : Rope
{
    readonly double[] frequencies =
    [
        .. settings.Frequencies().Select((frequency, pair) => pair < (int)(share * settings.Rotated / 2) ? frequency / factor : 0),
    ];

    public override double[] Frequencies(long length) => frequencies;
}
