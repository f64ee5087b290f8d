namespace Lowrank.Torch.Tests.Kernels;

public class ButterflyKernelTests
{
    const double Bound = 1e-5;   // sums of a few numbers in float32, level after level
    const double BFloat16Bound = 1.0 / 128;   // the answer is rounded once, to 8 bits

    public static bool Unsupported => !Lanes.AreSupported;

    // One level and many, odd halves and even ones, the smallest block and the widest; a panel's part, a whole one, one and a part, more
    // of them than threads; widths that are no multiple of the lanes.
    [Theory(Skip = "no AVX-512", SkipWhen = nameof(Unsupported))]
    [InlineData(1, 16, 1, 1, 1), InlineData(77, 10, 32, 6, 1), InlineData(64, 2, 64, 7, 2), InlineData(200, 12, 16, 5, 2)]
    [InlineData(13, 4, 5, 1, 3), InlineData(130, 64, 4, 3, 3), InlineData(65, 6, 12, 3, 4), InlineData(300, 10, 8, 2, 2)]
    public void TurnsAsTheLevelsDo(int tokens, int size, int blocks, int levels, int threads)
    {
        foreach (var (dtype, bound) in new[] { (ScalarType.Float32, Bound), (ScalarType.BFloat16, BFloat16Bound) })
            LeakGuard.NoTensorLeaks(() => Compare(dtype, bound, tokens, size, blocks, levels, threads));
    }

    static void Compare(ScalarType dtype, double bound, int tokens, int size, int blocks, int levels, int threads)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(3);
        var rotations = linalg.qr(randn(levels, blocks, size, size)).Q;
        var (x, g) = (randn(tokens, size * blocks).to(dtype), randn(tokens, size * blocks).to(dtype));
        var bias = randn(size * blocks).to(dtype);
        Assert.True(ButterflyKernel.Suits(x, rotations));

        var (leaf, turns) = (x.to(ScalarType.Float64).requires_grad_(), rotations.to(ScalarType.Float64).requires_grad_());
        var want = Levels(leaf, turns);
        (want * g).sum().backward();

        var kernel = new ButterflyKernel(rotations, threads);
        var y = x.clone();
        kernel.Turn(y);
        Near(want, y, bound, "the answer");
        // From an answer that is not rounded, its gradients are as near as the products are.
        var (back, gradients) = kernel.TurnBack(g, want.detach().to(dtype), null);
        Near(leaf.grad!, back, bound, "the tokens' gradient");
        Near(turns.grad!, gradients, bound, "the rotations' gradient");
        var (_, shifted) = kernel.TurnBack(g, (want + bias).to(dtype), bias);
        Near(turns.grad!, shifted, 2 * bound, "the rotations' gradient, the bias taken off");
        Assert.Equal(back.str(), kernel.TurnBack(g, want.detach().to(dtype), null).TurnedBack.str());
    }

    static Tensor Levels(Tensor x, Tensor rotations)
    {
        var (blocks, size) = (rotations.shape[1], rotations.shape[2]);
        var rows = x.t();
        for (int level = 0; level < rotations.shape[0]; level++)
        {
            long apart = (1L << level) * size / 2;
            var gathered = rows.reshape(-1, 2, apart, x.shape[0]).transpose(1, 2).reshape(blocks, size, -1);
            rows = rotations[level].bmm(gathered).reshape(-1, apart, 2, x.shape[0]).transpose(1, 2).reshape(-1, x.shape[0]);
        }
        return rows.t();
    }

    static void Near(Tensor want, Tensor got, double bound, string what)
    {
        double error = (got.to(ScalarType.Float64) - want).abs().max().ToDouble(), most = want.abs().max().ToDouble();
        Assert.True(error <= bound * (1 + most), $"{what} is off by {error} of {most}");
    }

    [Theory(Skip = "no AVX-512", SkipWhen = nameof(Unsupported)), InlineData(ScalarType.Float32), InlineData(ScalarType.BFloat16)]
    public void ATokenThatIsNoNumberStaysSoAndSpoilsNoOther(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var tokens = ones(3, 16, dtype: dtype);
        tokens[1].fill_(float.NaN);
        new ButterflyKernel(eye(4).repeat(1, 4, 1, 1), 1).Turn(tokens);
        Assert.Equal([16, 0, 16], tokens.isfinite().sum(1).data<long>());
    }

    [Fact(Skip = "no AVX-512", SkipWhen = nameof(Unsupported))]
    public void BFloat16IsRoundedAsLibtorchRounds()
    {
        using var scope = NewDisposeScope();
        // Between two numbers of bfloat16, and just off the middle; the largest, and what rounds to infinity.
        var exact = tensor(new[] { 1f + 1f / 256, 1f + 3f / 256, 1.0039063f, -1f - 1f / 256, 3.39e38f, 3.4e38f, 1e-40f, 0f });
        var matrices = diag(exact).unsqueeze(0).repeat(2, 1, 1).unsqueeze(0);
        var tokens = ones(1, 16, dtype: ScalarType.BFloat16);
        new ButterflyKernel(matrices, 1).Turn(tokens);
        // The even places of a block are its first half of channels.
        var places = exact.to(ScalarType.BFloat16).view(4, 2).t().reshape(-1).repeat(2).unsqueeze(0);
        Assert.Equal(places.str(), tokens.str());
    }

    [Fact]
    public void OtherTokensAndBlocksAreLeftToLibtorch()
    {
        using var scope = NewDisposeScope();
        var blocks = ones(1, 4, 4, 4);
        Assert.False(ButterflyKernel.Suits(ones(2, 16, dtype: ScalarType.Float64), blocks));
        Assert.False(ButterflyKernel.Suits(ones(2, 16, device: META), blocks));
        Assert.False(ButterflyKernel.Suits(ones(0, 16), blocks));
        Assert.False(ButterflyKernel.Suits(ones(2, 8), ones(1, 2, 4, 4)));
        Assert.False(ButterflyKernel.Suits(ones(2, 132), ones(1, 2, 66, 66)));
    }
}
