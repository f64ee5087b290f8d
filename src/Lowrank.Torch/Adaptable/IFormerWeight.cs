namespace Lowrank.Torch;

/// <summary>What a weight was before <see cref="IWeight.Replace"/>.</summary>
public interface IFormerWeight : IDisposable
{
    /// <summary>Gives the weight the very bits back that it had.</summary>
    void Restore();
}
