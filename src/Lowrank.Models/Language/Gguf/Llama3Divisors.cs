namespace Lowrank.Models;

/// <summary>What the frequencies of a "llama3" rotary embedding are divided by, in the 32 bits that llama.cpp's converter reckons
/// in.</summary>
static class Llama3Divisors
{
    /// <summary>A divisor for each pair of a head's numbers.</summary>
    public static float[] Of(GgufSource source)
    {
        int width = source.Count(HeadField.Field) ?? source.Needed("hidden_size") / source.Needed("num_attention_heads");
        float factor = Number("factor"), low = Number("low_freq_factor"), high = Number("high_freq_factor");
        float original = Number("original_max_position_embeddings");
        return [.. Frequencies(Number("rope_theta"), width).Select(Divisor)];

        float Number(string field) => (float)(source.RopeNumber(field)
            ?? throw source.Fault($"a rotary embedding of the kind llama3 has no {field}."));

        float Divisor(float frequency)
        {
            float wave = 1 / frequency * (float)(2 * Math.PI);
            if (wave < original / high) return 1;
            if (wave > original / low) return factor;
            float smooth = (1 / wave * original - low) / (high - low);
            return 1 / ((1 - smooth) / factor + smooth);
        }
    }

    // libtorch's powers, whose last bits are its own.
    static float[] Frequencies(float theta, int width)
    {
        using var scope = NewDisposeScope();
        var exponents = arange(0, width, 2, ScalarType.Float32, CPU) / width;
        return (1 / tensor(theta, ScalarType.Float32, CPU).pow(exponents)).data<float>().ToArray();
    }
}
