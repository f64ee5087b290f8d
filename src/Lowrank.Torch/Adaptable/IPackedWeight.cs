namespace Lowrank.Torch;

/// <summary>A matrix that is kept in few bits: its values are made anew for each use, and kept nowhere.</summary>
public interface IPackedWeight : IWeight, IDisposable
{
    /// <summary>Makes the matrix, gives it to a body and returns what that returns; the memory may be used again then.</summary>
    /// <param name="dtype">The dtype that the body is given it in.</param>
    /// <param name="body">Keeps nothing of it. Its answer belongs to the caller's scope.</param>
    Tensor Use(ScalarType dtype, Func<Tensor, Tensor> body);

    /// <summary>x Wᵀ (..., rows) in float32 where that is faster than making W first, as for few rows of x; null elsewhere. No gradient
    /// goes back.</summary>
    /// <param name="x">(..., columns).</param>
    Tensor? Multiply(Tensor x);

    /// <summary>x Wᵀ of few tokens, written into others where that is faster than making W first.</summary>
    /// <param name="x">Tokens of as many numbers as W has columns.</param>
    /// <param name="answer">As many tokens, of as many numbers as W has rows.</param>
    /// <returns>Whether it was; else nothing is written.</returns>
    bool Multiply(TokenRows x, TokenRows answer) => false;

    /// <summary>The same with W in place of its transpose: x W (..., columns) for x (..., rows).</summary>
    Tensor? MultiplyTransposed(Tensor x);

    /// <summary>Some rows (..., columns), float32.</summary>
    /// <param name="ids">Which, int64, of whatever shape.</param>
    Tensor Rows(Tensor ids);
}
