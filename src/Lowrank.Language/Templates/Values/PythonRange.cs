using System.Numerics;

namespace Lowrank.Language;

/// <summary>Python's range.</summary>
/// <param name="Start">First number.</param>
/// <param name="Stop">Where it ends, itself not in it.</param>
/// <param name="Step">From one to the next, not 0.</param>
sealed record PythonRange(BigInteger Start, BigInteger Stop, BigInteger Step)
{
    /// <summary>How many numbers.</summary>
    public BigInteger Length
    {
        get
        {
            var way = Step.Sign > 0 ? Stop - Start : Start - Stop;
            return way.Sign <= 0 ? 0 : (way - 1) / BigInteger.Abs(Step) + 1;
        }
    }

    /// <summary>The number at a place.</summary>
    public object At(BigInteger index) => Start + index * Step;

    /// <summary>The numbers.</summary>
    public IEnumerable<object> Items
    {
        get
        {
            var length = Length;
            for (BigInteger i = 0; i < length; i++) yield return At(i);
        }
    }
}
