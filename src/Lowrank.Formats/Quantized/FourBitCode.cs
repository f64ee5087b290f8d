namespace Lowrank.Formats;

/// <summary>The 16 values of a code of four bits, in [-1, 1], and which of them a number is rounded to.</summary>
public sealed class FourBitCode
{
    // Midpoints between neighbours in the order of the values, and the codes in that order.
    readonly float[] midpoints;
    readonly byte[] ordered;

    FourBitCode(string name, float[] values)
    {
        (Name, Values) = (name, values);
        // Of FP4's two zeros the peer gives the one of code 8 to what is above, for all its sign.
        ordered = [.. Enumerable.Range(0, values.Length).OrderBy(code => values[code]).ThenBy(code => code).Select(code => (byte)code)];
        midpoints = [.. ordered.Zip(ordered.Skip(1), (lower, upper) => (values[lower] + values[upper]) / 2)];
    }

    /// <summary>bitsandbytes' NF4: as many weights of a normal distribution fall to each (Dettmers et al. 2023,
    /// arXiv:2305.14314).</summary>
    public static FourBitCode Nf4 { get; } = new("nf4",
    [
        -1, -0.6961928009986877f, -0.5250730514526367f, -0.39491748809814453f, -0.28444138169288635f, -0.18477343022823334f,
        -0.09105003625154495f, 0, 0.07958029955625534f, 0.16093020141124725f, 0.24611230194568634f, 0.33791524171829224f,
        0.44070982933044434f, 0.5626170039176941f, 0.7229568362236023f, 1,
    ]);

    /// <summary>bitsandbytes' FP4: floats of one bit for the sign, two of exponent and one of fraction, over their largest, 12.</summary>
    public static FourBitCode Fp4 { get; } = new("fp4",
    [
        0, 0.0625f / 12, 8f / 12, 12f / 12, 4f / 12, 6f / 12, 2f / 12, 3f / 12,
        -0f, -0.0625f / 12, -8f / 12, -12f / 12, -4f / 12, -6f / 12, -2f / 12, -3f / 12,
    ]);

    /// <summary>The one that files call so.</summary>
    /// <exception cref="LowrankException">It is neither "nf4" nor "fp4".</exception>
    public static FourBitCode Named(string name) => name switch
    {
        "nf4" => Nf4,
        "fp4" => Fp4,
        _ => throw new LowrankException($"'{name}' is no code of four bits that is known; there are nf4 and fp4."),
    };

    /// <summary>Its name in files.</summary>
    public string Name { get; }

    /// <summary>The values by their codes.</summary>
    public IReadOnlyList<float> Values { get; }

    /// <summary>The code of the nearest value, of two the smaller.</summary>
    internal byte Nearest(float value)
    {
        int place = 0;
        for (int step = 8; step > 0; step >>= 1)
            if (value > midpoints[place + step - 1]) place += step;
        return ordered[place];
    }
}
