namespace Lowrank.Formats;

/// <summary>What a block's rounding begins from.</summary>
static unsafe class BlockRange
{
    /// <summary>Magnitudes below it count as 0: ggml's GROUP_MAX_EPS.</summary>
    internal const float Nothing = 1e-15f;

    /// <summary>The element of the largest magnitude, with its sign; of equal ones the first.</summary>
    internal static float Largest(float* values, int count)
    {
        float most = 0, largest = 0;
        for (int i = 0; i < count; i++)
        {
            float magnitude = Math.Abs(values[i]);
            if (magnitude > most) (most, largest) = (magnitude, values[i]);
        }
        return largest;
    }

    /// <summary>The least and the largest element.</summary>
    internal static (float Least, float Most) Of(float* values, int count)
    {
        float least = values[0], most = values[0];
        for (int i = 1; i < count; i++)
        {
            if (values[i] < least) least = values[i];
            if (values[i] > most) most = values[i];
        }
        return (least, most);
    }
}
