using Lowrank.Testing;
using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Lowrank.Models.Tests;

public class ChangedValuesTests
{
    public static TheoryData<ScalarType, ScalarType, long> Cases
    {
        get
        {
            var data = new TheoryData<ScalarType, ScalarType, long>();
            foreach (long count in new long[] { 0, 1, 15, 16, 31, 33, 64, 1001, (1 << 20) - 1, (2 << 20) + 77 })
                foreach (var (before, after) in new[]
                {
                    (ScalarType.Float16, ScalarType.Float16), (ScalarType.BFloat16, ScalarType.BFloat16), (ScalarType.Float16, ScalarType.Float32),
                    (ScalarType.Float32, ScalarType.Float16), (ScalarType.Float32, ScalarType.Float32), (ScalarType.BFloat16, ScalarType.Float16),
                })
                    data.Add(before, after, count);
            return data;
        }
    }

    // Changes of every size from none to large, among values down to the smallest, and zeros of both signs.
    static (Tensor Before, Tensor Wide) Values(ScalarType dtype, long count)
    {
        using var generator = new Generator(TestSeeds.Of(4));
        Tensor Draw() => randn([count], generator: generator, device: CPU);
        var before = (Draw() * (Draw() * 6 - 6).exp()).clamp(-3e4, 3e4).to(dtype);   // finite in float16
        var wide = before.to(ScalarType.Float32) * (1 + (Draw() * (Draw() * 6 - 8).exp()).round(decimals: 4).clamp(-1, 1));
        var isZero = rand([count], generator: generator, device: CPU) < 0.1;
        before = before.masked_fill(isZero, 0.0);
        wide = wide.masked_fill(isZero, -0.0).contiguous();
        return (before, wide);
    }

    [Theory, MemberData(nameof(Cases))]
    public void TheCountsAreThoseOfLibtorchsOperators(ScalarType from, ScalarType to, long count) => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        var (before, wide) = Values(from, count);
        long wanted = before.to(ScalarType.Float32).ne(wide).count_nonzero().ToInt64();
        long kept = before.to(to).ne(wide.to(to)).count_nonzero().ToInt64();
        Assert.Equal(new ChangedValues(wanted, kept), ChangedValues.Count(before, wide, wide.to(to)));
        if (count > 1000 && to is ScalarType.Float16 && from == to) Assert.InRange(kept, 1, wanted - 1);
    });

    [Fact]
    public void StridesDoNotMatter()
    {
        using var scope = NewDisposeScope();
        var (before, wide) = Values(ScalarType.Float16, 35 * 47);
        var after = wide.to(ScalarType.Float16);
        Tensor Turned(Tensor values) => values.view(35, 47).t();
        Assert.Equal(ChangedValues.Count(before, wide, after), ChangedValues.Count(Turned(before).contiguous(), Turned(wide), Turned(after).contiguous()));
    }
}
