using Lowrank.Torch.Layers;

namespace Lowrank.Formats.Tests;

public sealed class PackedWeightTests
{
    public static TheoryData<string> Names => [.. BlockFormats.All.Where(format => format.IsQuantized).Select(format => format.Name)];

    [Theory, MemberData(nameof(Names))]
    public void AProductOfFewRowsIsThatWithTheDecodedWeight(string name) => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        using var matrix = BlockMatrix.Round(BlockFormats.Named(name)!, randn(37, 768));
        var weight = empty(37, 768);
        matrix.DecodeTo(weight);
        foreach (long rows in new long[] { 1, 2, 3, 8 })
        {
            var x = randn(rows, 768);
            var want = x.to(ScalarType.Float64).matmul(weight.to(ScalarType.Float64).t());
            if (matrix.Multiply(x) is not { } got) return;   // a processor without the vectors
            // Sums of 768 products in another order.
            double off = (got.to(ScalarType.Float64) - want).abs().max().ToDouble();
            Assert.True(off < 2e-5 * want.abs().max().ToDouble(), $"{rows} rows: {off}");
        }
        Assert.Null(matrix.Multiply(randn(9, 768)));
    });

    // Whatever stands beside a row, its sums are made in one order; outputs are asked for by several threads, some at a time.
    [Theory, MemberData(nameof(Names))]
    public void ARowIsMultipliedAsAlone(string name) => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        using var matrix = BlockMatrix.Round(BlockFormats.Named(name)!, randn(37, 768));
        var x = randn(8, 768);
        foreach (int rows in new[] { 1, 2, 3, 4, 5, 7, 8 })
        {
            if (!matrix.Takes(rows)) return;   // a processor without the vectors
            using TokenRows given = new(rows, 768), answer = new(rows, 37);
            given.Take(x.narrow(0, 0, rows));
            matrix.Multiply(given, answer, 0, 11);
            matrix.Multiply(given, answer, 11, 37);
            var got = answer.Told(ScalarType.Float32).view(rows, 37);
            for (int row = 0; row < rows; row++) Assert.True(got[row].Equals(matrix.Multiply(x.narrow(0, row, 1))![0]), $"row {row} of {rows}");
        }
    });

    [Theory, MemberData(nameof(Names))]
    public void RowsAreThoseOfTheDecodedWeight(string name) => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        using var matrix = BlockMatrix.Round(BlockFormats.Named(name)!, randn(7, 256));
        var weight = empty(7, 256);
        matrix.DecodeTo(weight);
        var ids = tensor(new long[,] { { 3, 0 }, { 6, 3 } });
        Assert.True(matrix.Rows(ids).Equals(weight.index_select(0, ids.flatten()).view(2, 2, 256)));
        Assert.Throws<LowrankException>(() => matrix.Rows(tensor(new long[] { 7 })));
    });

    [Fact]
    public void ALayerOverBlocksGivesTheAnswerAndGradientOfItsDecodedWeight()
    {
        RunBlocks();   // a thread keeps what its last backward returned
        LeakGuard.NoTensorLeaks(RunBlocks);
    }

    static void RunBlocks()
    {
        using var scope = NewDisposeScope();
        using var shelf = new ScratchShelf();
        foreach (var dtype in new[] { ScalarType.Float32, ScalarType.BFloat16 })
            foreach (var lent in new[] { null, shelf })
            {
                var bias = randn(24);
                using var layer = new Linear(256, 24);
                layer.Pack(new PackedWeight(BlockMatrix.Round(BlockFormats.Q4_K, randn(24, 256)), dtype, lent));
                layer.SetBias(bias);
                var weight = layer.Weight.Dense(dtype);
                foreach (long rows in new long[] { 2, 20 })
                {
                    var x = randn(rows, 256).to(dtype);
                    var want = nn.functional.linear(x, weight, bias.to(dtype));
                    using (no_grad()) AssertClose(want, layer.call(x), dtype);
                    x = x.requires_grad_();
                    var y = layer.call(x);
                    AssertClose(want, y, dtype);
                    var g = randn(rows, 24).to(dtype);
                    y.backward([g]);
                    AssertClose(g.matmul(weight), x.grad!, dtype);
                }
            }
    }

    [Fact]
    public void ALayerWhoseWeightLiesTurnedGivesTheAnswerAndGradientOfItsDecodedWeight()
    {
        RunTurned();
        LeakGuard.NoTensorLeaks(RunTurned);
    }

    static void RunTurned()
    {
        using var scope = NewDisposeScope();
        using var layer = new Conv1D(256, 24);
        layer.Pack(new PackedWeight(new TransposedMatrix(BlockMatrix.Round(BlockFormats.Q8_0, randn(24, 256)))));
        layer.SetBias(randn(24));
        var weight = layer.Weight.Dense();
        Assert.Equal([256, 24], weight.shape);
        foreach (long rows in new long[] { 2, 20 })
        {
            var x = randn(rows, 256);
            var want = x.matmul(weight) + layer.Bias!;
            using (no_grad()) AssertClose(want, layer.call(x), ScalarType.Float32);
            x = x.requires_grad_();
            var y = layer.call(x);
            AssertClose(want, y, ScalarType.Float32);
            var g = randn(rows, 24);
            y.backward([g]);
            AssertClose(g.matmul(weight.t()), x.grad!, ScalarType.Float32);
        }
    }

    [Fact]
    public void AHeadReadsTheRowsThatItsTableKeepsInFewBits() => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        using var table = new Embedding(40, 64);
        using var head = new Linear(table);
        using var wrong = new PackedWeight(BlockMatrix.Round(BlockFormats.Q8_0, randn(41, 64)));
        Assert.Throws<ShapeException>(() => table.Pack(wrong));
        table.Pack(new PackedWeight(BlockMatrix.Round(BlockFormats.Q8_0, randn(40, 64))));
        var weight = table.Weight.Dense();
        Assert.Same(table.Weight, head.Weight);
        Assert.Empty(table.named_parameters());
        Assert.Empty(head.named_parameters());
        Assert.True(table.call(tensor(new long[,] { { 3, 0 } })).Equals(weight.index_select(0, tensor(new long[] { 3, 0 })).unsqueeze(0)));
        var x = randn(9, 64);
        using (no_grad()) AssertClose(x.matmul(weight.t()), head.call(x), ScalarType.Float32);
        using var both = new BothPlaces(table, head);
        Assert.Equal(["model.table.weight = model.head.weight"], ModelDescription.Of(both).TiedWeights.Select(tied => tied.ToString()));
    });

    sealed class BothPlaces : nn.Module
    {
        public BothPlaces(Embedding table, Linear head) : base(nameof(BothPlaces))
        {
            register_module("table", table);
            register_module("head", head);
        }
    }

    [Fact]
    public void PairsSideBySideGiveWhatPairsHalfAHeadApartGive() => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        var order = new PairedRows(6);
        var rows = arange(12, ScalarType.Float32, CPU).unsqueeze(1);
        Assert.Equal([0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11], order.SideBySide(rows).data<float>().ToArray());
        Assert.True(order.HalfApart(order.SideBySide(rows)).Equals(rows));
        Assert.Throws<LowrankException>(() => order.HalfApart(randn(8, 2)));

        var kept = randn(12, 64);
        using var matrix = new PairedMatrix(BlockMatrix.Round(BlockFormats.Q8_0, kept), order);
        var weight = empty(12, 64);
        matrix.DecodeTo(weight);
        Assert.True((order.SideBySide(weight) - kept).abs().max().ToDouble() < 0.05);
        var x = randn(3, 64);
        if (matrix.Multiply(x) is { } product) AssertClose(x.matmul(weight.t()), product, ScalarType.Float32);
        Assert.True(((IPackedMatrix)matrix).Rows(tensor(new long[] { 7, 2 })).Equals(weight.index_select(0, tensor(new long[] { 7, 2 }))));
        using var again = matrix.Rounded(weight);
        var other = empty(12, 64);
        again.DecodeTo(other);
        Assert.True((other - weight).abs().max().ToDouble() < 1e-3);
    });

    static void AssertClose(Tensor want, Tensor got, ScalarType dtype)
    {
        Assert.Equal(dtype, got.dtype);
        double size = want.to(ScalarType.Float32).abs().max().ToDouble(), off = (got.to(ScalarType.Float32) - want.to(ScalarType.Float32)).abs().max().ToDouble();
        Assert.True(off <= size * (dtype == ScalarType.Float32 ? 1e-5 : 2e-2), $"{off} of {size}");
    }

    [Fact]
    public void AWeightTakesOtherValuesRoundedAndGivesItsBitsBack() => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        using var weight = new PackedWeight(BlockMatrix.Round(BlockFormats.Q8_0, randn(4, 64)));
        var before = weight.Dense().clone();
        var other = randn(4, 64);
        Assert.True(weight.Holds(other));
        Assert.False(weight.Holds(full_like(other, float.PositiveInfinity)));
        Assert.False(weight.IsHeldAs(ScalarType.Float32));
        using (var former = weight.Replace(other))
        {
            Assert.Equal(1, weight.Exchanges);
            Assert.True((weight.Dense() - other).abs().max().ToDouble() < 0.05);
            former.Restore();
        }
        Assert.Equal(2, weight.Exchanges);
        Assert.True(weight.Dense().Equals(before));
        weight.Replace(other).Dispose();
        Assert.False(weight.Dense().Equals(before));
        Assert.Throws<ShapeException>(() => weight.Replace(randn(4, 32)));
        using var scratch = new Scratch();
        var copy = weight.Copied(scratch);
        copy.add_(1);
        Assert.False(weight.Dense().Equals(copy));
    });

    [Fact]
    public void AMatrixOfAFileIsTheFilesBlocks() => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        Gguf.Save(folder.File("x"), [], [new(new("a", BlockFormats.Q6_K.Dtype, [3, 512]), () => randn(3, 512)), new(new("b", TensorDtype.F32, [3, 32]), () => randn(3, 32))]);
        using var file = Gguf.Open(folder.File("x"));
        using var matrix = file.ReadPacked("a")!;
        var weight = empty(3, 512);
        matrix.DecodeTo(weight);
        Assert.True(weight.Equals(file.Read("a")));
        Assert.Equal(("Q6_K", 3 * 2 * 210L), (matrix.Format, matrix.Bytes));
        Assert.Null(file.ReadPacked("b"));
        Assert.Throws<LowrankException>(() => file.ReadPacked("c"));
    });

    [Fact]
    public void AMappedMatrixIsTheSameAndOutlivesTheFilesClosing() => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        TensorSource[] sources = [new(new("a", BlockFormats.Q8_0.Dtype, [3, 64]), () => randn(3, 64)), new(new("b", BlockFormats.Q4_K.Dtype, [5, 512]), () => randn(5, 512))];
        Gguf.Save(folder.File("x"), [], sources);
        IPackedMatrix first, second;
        Tensor want;
        using (var file = Gguf.Open(folder.File("x")))
        {
            (first, second, want) = (file.MapPacked("a")!, file.MapPacked("b")!, file.Read("b"));
            Assert.Throws<LowrankException>(() => file.MapPacked("c"));
        }
        first.Dispose();
        first.Dispose();
        var weight = empty(5, 512);
        second.DecodeTo(weight);
        Assert.True(weight.Equals(want));
        var x = randn(2, 512);
        if (second.Multiply(x) is { } product) Assert.True((product - x.matmul(want.t())).abs().max().ToDouble() < 1e-3);
        using var rounded = second.Rounded(randn(5, 512));
        second.Dispose();
        rounded.DecodeTo(weight);
    });

    static readonly (string Name, Func<Tensor, IPackedMatrix> Round, double Step)[] kinds =
    [
        ("int8", Int8Matrix.Round, 0.02),
        ("nf4", values => FourBitMatrix.Round(new(FourBitCode.Nf4), values, isNested: false), 0.6),
        ("fp4", values => FourBitMatrix.Round(new(FourBitCode.Fp4, 128), values, isNested: true), 0.8),
        ("Q5_0", values => BlockMatrix.Round(BlockFormats.Q5_0, values), 0.2),
    ];

    public static TheoryData<string> Kinds => [.. kinds.Select(kind => kind.Name)];

    [Theory, MemberData(nameof(Kinds))]
    public void EveryKindTakesValuesAndGivesItsBitsBack(string name) => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        var (_, round, step) = kinds.First(kind => kind.Name == name);
        Tensor first = randn(6, 160), second = randn(6, 160);
        using var weight = new PackedWeight(round(first), ScalarType.BFloat16);
        Assert.Equal(name, weight.Matrix.Format);
        Assert.True(weight.Matrix.Bytes < first.numel() * 2);
        Assert.Equal(ScalarType.BFloat16, weight.Dense().dtype);
        var before = weight.Dense(ScalarType.Float32);
        Assert.True((before - first).abs().max().ToDouble() < step);
        using (var former = weight.Replace(second))
        {
            Assert.True((weight.Dense(ScalarType.Float32) - second).abs().max().ToDouble() < step);
            former.Restore();
        }
        Assert.True(weight.Dense(ScalarType.Float32).Equals(before));
    });
}
