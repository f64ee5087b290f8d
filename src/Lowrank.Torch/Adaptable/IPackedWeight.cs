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

    /// <summary>Whether products of so many tokens are made by <see cref="Multiply(TokenRows, TokenRows, long, long)"/>.</summary>
    /// <param name="tokens">How many.</param>
    bool Takes(int tokens) => false;

    /// <summary>Some outputs of x Wᵀ for few tokens; several threads ask for different ones at once.</summary>
    /// <param name="x">Tokens of as many numbers as W has columns, and no more than it <see cref="Takes"/>.</param>
    /// <param name="answer">As many tokens, of as many numbers as W has rows.</param>
    /// <param name="first">The first output.</param>
    /// <param name="after">The one after the last.</param>
    void Multiply(TokenRows x, TokenRows answer, long first, long after) =>
        throw new NotSupportedException($"ask {nameof(Takes)} first: few tokens are multiplied with what this weight makes by itself");

    /// <summary>The same with W in place of its transpose: x W (..., columns) for x (..., rows).</summary>
    Tensor? MultiplyTransposed(Tensor x);

    /// <summary>Some rows (..., columns), float32.</summary>
    /// <param name="ids">Which, int64, of whatever shape.</param>
    Tensor Rows(Tensor ids);
}
