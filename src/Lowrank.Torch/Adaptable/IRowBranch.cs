namespace Lowrank.Torch;

/// <summary>What an adapter adds to a layer's answer for few tokens.</summary>
public interface IRowBranch
{
    /// <summary>Counts a call, and tells the factors whose products are added; none where nothing is.</summary>
    ThinRows[] Begin();
}
