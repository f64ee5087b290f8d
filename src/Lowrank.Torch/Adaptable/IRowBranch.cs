namespace Lowrank.Torch;

/// <summary>What an adapter adds to a layer's answer for few tokens.</summary>
public interface IRowBranch
{
    /// <summary>Adds it.</summary>
    /// <param name="x">What the layer is asked.</param>
    /// <param name="answer">The layer's own answer.</param>
    void AddTo(TokenRows x, TokenRows answer);
}
