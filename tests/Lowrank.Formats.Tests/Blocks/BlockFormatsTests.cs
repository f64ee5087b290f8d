namespace Lowrank.Formats.Tests;

/// <summary>Laws over all block types.</summary>
public sealed class BlockFormatsTests
{
    const int Blocks = 12;

    public static TheoryData<string> Names => [.. BlockFormats.All.Select(format => format.Name)];

    static float[] Values(BlockFormat format, int seed)
    {
        var random = new Random(seed);
        var values = new float[Math.Max(Blocks * format.Block.Elements, 64)];
        // Blocks of unlike size; some all of one sign, some all alike, one all zero, one with an outlier.
        for (int i = 0; i < values.Length; i++)
        {
            int kind = i / format.Block.Elements % 6;
            double draw = random.NextDouble() * 2 - 1;
            values[i] = (float)(kind switch { 0 => draw, 1 => Math.Abs(draw) * 100, 2 => -Math.Abs(draw) * 1e-3, 3 => 0, 4 => 0.75, _ => i % 37 == 0 ? 40 : draw * 0.01 });
        }
        return values;
    }

    static (byte[] Plain, byte[] Lanes) Encoded(BlockFormat format, float[] values)
    {
        int count = values.Length / format.Block.Elements;
        var (plain, lanes) = (new byte[count * format.Block.Bytes], new byte[count * format.Block.Bytes]);
        format.Encode(values, plain, lanes: false, count);
        format.Encode(values, lanes, lanes: BlockLanes.AreSupported, count);
        return (plain, lanes);
    }

    [Theory, MemberData(nameof(Names))]
    public void BothRoadsTellTheSameValuesToTheBit(string name)
    {
        var format = BlockFormats.Named(name)!;
        var bytes = new byte[Blocks * format.Block.Bytes];
        new Random(5).NextBytes(bytes);
        int count = Blocks;
        var (plain, lanes) = (new float[count * format.Block.Elements], new float[count * format.Block.Elements]);
        format.Decode(bytes, plain, lanes: false, count);
        format.Decode(bytes, lanes, lanes: BlockLanes.AreSupported, count);
        Assert.Equal(Words(plain), Words(lanes));
    }

    [Theory, MemberData(nameof(Names))]
    public void BothRoadsRoundToTheSameBytes(string name)
    {
        var format = BlockFormats.Named(name)!;
        for (int seed = 0; seed < 20; seed++)
        {
            var (plain, lanes) = Encoded(format, Values(format, seed));
            Assert.Equal(plain, lanes);
        }
    }

    // NaN is NaN whatever its bits.
    static int[] Words(float[] values) => [.. values.Select(value => float.IsNaN(value) ? -1 : BitConverter.SingleToInt32Bits(value))];

    [Theory, MemberData(nameof(Names))]
    public void RoundingStaysWithinAStepOfTheBlocksRange(string name)
    {
        var format = BlockFormats.Named(name)!;
        var values = Values(format, 3);
        var (bytes, _) = Encoded(format, values);
        var told = new float[values.Length];
        format.Decode(bytes, told);
        // A step of the range in codes of one bit less, as scales are rounded themselves.
        double bits = name switch { "F16" or "BF16" => 7, ['T', ..] => 1, "IQ4_NL" or "IQ4_XS" or "MXFP4" => 2, "Q3_K" => 2, _ => name[1] - '0' - 1 };
        for (int block = 0; block < values.Length / format.Block.Elements; block++)
        {
            var range = values.AsSpan(block * format.Block.Elements, format.Block.Elements);
            double most = 0;
            foreach (float value in range) most = Math.Max(most, Math.Abs(value));
            for (int i = block * format.Block.Elements; i < (block + 1) * format.Block.Elements; i++)
                Assert.True(Math.Abs(told[i] - values[i]) <= 2 * most / Math.Pow(2, bits), $"{name}: {values[i]} became {told[i]} in a block up to {most}");
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void ItsDtypeTellsTheSameValues(string name) => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        var format = BlockFormats.Named(name)!;
        Assert.Same(format, BlockFormats.Of(format.Dtype));
        var (bytes, _) = Encoded(format, Values(format, 4));
        var values = new float[bytes.Length / format.Block.Bytes * format.Block.Elements];
        format.Decode(bytes, values);
        var read = TensorBytes.Read(new MemoryStream(bytes), format.Dtype, [1, values.Length]);
        Assert.Equal(Words(values), Words(read.to(ScalarType.Float32).data<float>().ToArray()));
    });

    [Theory, MemberData(nameof(Names))]
    public void WhatIsNoNumberIsRefusedAndNotRoundedToSomething(string name)
    {
        var format = BlockFormats.Named(name)!;
        if (!format.IsQuantized) return;
        var values = new float[format.Block.Elements];
        values[7] = float.NaN;
        Assert.Contains("element 7 is NaN", Assert.Throws<LowrankException>(() => format.Encode(values, new byte[format.Block.Bytes])).Message, StringComparison.Ordinal);
        values[7] = float.PositiveInfinity;
        Assert.Throws<LowrankException>(() => format.Encode(values, new byte[format.Block.Bytes]));
    }

    [Fact]
    public void ScalesThatAHalfDoesNotHoldAreRefused()
    {
        var values = new float[32];
        values[0] = 1e30f;
        Assert.Contains("65504", Assert.Throws<LowrankException>(() => BlockFormats.Q8_0.Encode(values, new byte[34])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void BytesThatAreNoWholeBlocksAreRefused()
    {
        Assert.Throws<LowrankException>(() => BlockFormats.Q4_K.Decode(new byte[143], new float[256]));
        Assert.Throws<LowrankException>(() => BlockFormats.Q4_K.Encode(new float[255], new byte[144]));
        Assert.Throws<LowrankException>(() => BlockFormats.Q4_K.Decode(new byte[288], new float[256]));
    }
}
