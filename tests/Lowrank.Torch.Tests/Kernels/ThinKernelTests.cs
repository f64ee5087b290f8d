namespace Lowrank.Torch.Tests.Kernels;

public class ThinKernelTests
{
    public static bool Unsupported => !Lanes.AreSupported;

    // One row, rows that are a part of a tile, two left over, a panel and a part of one; channels and outputs that are no multiple of a
    // vector, less than one, more than a piece; ranks of one strip, two, unlike ones, and the most.
    [Theory(Skip = "no AVX-512", SkipWhen = nameof(Unsupported))]
    [InlineData(1, 576, 192, 16, 1), InlineData(2, 7, 5, 4, 1), InlineData(3, 33, 80, 5, 1), InlineData(10, 130, 16, 48, 1)]
    [InlineData(77, 257, 321, 33, 2), InlineData(150, 64, 48, 64, 2), InlineData(1030, 40, 77, 112, 3), InlineData(19, 20, 30, 256, 2)]
    public void TokensAreAsNearToFloat64AsLibtorchsProducts(int tokens, int inputs, int outputs, int ranks, int threads) =>
        Compare([tokens, inputs], [tokens, outputs], inputs, outputs, ranks, isOfPlaces: false, threads);

    // Places that are a part of a vector, of one strip, of several and a part; pictures fewer and more than threads.
    [Theory(Skip = "no AVX-512", SkipWhen = nameof(Unsupported))]
    [InlineData(1, 16, 32, 5, 4, 1), InlineData(2, 33, 7, 64, 48, 3), InlineData(1, 320, 64, 100, 19, 2)]
    [InlineData(3, 129, 12, 49, 256, 2)]
    public void PlacesAreAsNearToFloat64AsLibtorchsProducts(int pictures, int inputs, int outputs, int places, int ranks, int threads) =>
        Compare([pictures, inputs, places], [pictures, outputs, places], inputs, outputs, ranks, isOfPlaces: true, threads);

    static void Compare(long[] ofX, long[] ofAnswer, int inputs, int outputs, int ranks, bool isOfPlaces, int threads)
    {
        // Float32's sums are in another order; bfloat16 is rounded once, where libtorch rounds A, B and what lies between them too.
        foreach (var (dtype, most) in new[] { (ScalarType.Float32, 2.0), (ScalarType.BFloat16, 1.01) })
            LeakGuard.NoTensorLeaks(() =>
            {
                using var scope = NewDisposeScope();
                random.manual_seed(1);
                var (x, answer) = (randn(ofX).to(dtype), randn(ofAnswer).to(dtype));
                var (down, up) = (randn(ranks, inputs) / Math.Sqrt(inputs), randn(outputs, ranks) / Math.Sqrt(ranks));
                Assert.True(ThinKernel.Suits(x));
                var exact = Added(answer, x, down, up, ScalarType.Float64);
                var theirs = Added(answer, x, down, up, dtype);
                var ours = answer.clone();
                using var pack = new ThinPack(down, up, isOfPlaces);
                ThinKernel.Add(pack, x, ours, threads);
                double off = Off(ours), allowed = most * Off(theirs);
                Assert.True(off <= allowed, $"{dtype}: off by {off:e2}, allowed {allowed:e2}");

                double Off(Tensor y) => ((y.to(ScalarType.Float64) - exact).norm() / exact.norm()).ToDouble();
            });

        Tensor Added(Tensor answer, Tensor x, Tensor down, Tensor up, ScalarType dtype)
        {
            var (y, given, a, b) = (answer.to(dtype), x.to(dtype), down.to(dtype), up.to(dtype));
            return y + (isOfPlaces ? b.matmul(a.matmul(given)) : given.matmul(a.t()).matmul(b.t()));
        }
    }

    [Theory(Skip = "no AVX-512", SkipWhen = nameof(Unsupported)), InlineData(true), InlineData(false)]
    public void GivesTheSameBitsWithAnyNumberOfThreads(bool isOfPlaces)
    {
        using var scope = NewDisposeScope();
        // More multiplications than one thread is left.
        var x = isOfPlaces ? randn(3, 96, 200) : randn(597, 96);
        using var pack = new ThinPack(randn(48, 96), randn(70, 48), isOfPlaces);
        var one = isOfPlaces ? zeros(3, 70, 200) : zeros(597, 70);
        ThinKernel.Add(pack, x, one, 1);
        foreach (int threads in new[] { 2, 5 })
        {
            var many = zeros_like(one);
            ThinKernel.Add(pack, x, many, threads);
            Assert.True(one.Equals(many), $"{threads} threads");
        }
    }

    [Fact(Skip = "no AVX-512", SkipWhen = nameof(Unsupported))]
    public void ATokenThatIsNotANumberSpoilsItsOwnAnswerAlone()
    {
        using var scope = NewDisposeScope();
        var x = randn(21, 40);
        x[9, 3] = float.NaN;
        using var pack = new ThinPack(randn(8, 40), randn(24, 8), isOfPlaces: false);
        var answer = zeros(21, 24);
        ThinKernel.Add(pack, x, answer, 1);
        Assert.True(answer[9].isnan().all().ToBoolean());
        Assert.Equal(24, answer.isnan().sum().ToInt64());
    }
}
