namespace Lowrank.Models;

/// <summary>A layer that has a way of its own for one token a row, as texts are written: the same sums, in float32 throughout, without a
/// tensor for each step.</summary>
interface ITokenLayer
{
    /// <summary>Whether it may go that way now.</summary>
    bool TakesRows(Pass pass);

    /// <summary>Puts the answer in the place of the states.</summary>
    void Run(TokenRows x, Pass pass);
}
