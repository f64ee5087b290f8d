namespace Goldens;

/// <summary>Rows of logits compared: −∞ where −∞ is wanted, all else near.</summary>
static class LogitRows
{
    public static void AssertClose(IReadOnlyList<float> wanted, IReadOnlyList<float> got, double tolerance, string what)
    {
        Assert.Equal(wanted.Count, got.Count);
        for (int i = 0; i < wanted.Count; i++)
        {
            bool isNear = float.IsInfinity(wanted[i]) ? wanted[i] == got[i] : Math.Abs(wanted[i] - got[i]) <= tolerance;
            Assert.True(isNear, $"{what}, entry {i}: {got[i]}, expected {wanted[i]} within {tolerance}");
        }
    }
}
