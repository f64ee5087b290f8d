namespace Lowrank.Adapters.Tests;

/// <summary>What is refused, with the reason and the numbers; and what looks odd and is right.</summary>
public sealed class RefusalTests : IDisposable
{
    readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    static readonly Target linear = new("unet.a", LayerKind.Linear, [12, 8]), odd = new("unet.o", LayerKind.Linear, [9, 8]), norm = new("unet.n", LayerKind.Norm, [8]);

    static string Refusal(Target target, MethodDescriptor method, MethodOptions options) =>
        Assert.Throws<LowrankException>(() => AdapterFactory.Create([target], method, _ => options).Dispose()).Message;

    public static IEnumerable<TheoryDataRow<string>> EveryMethod => Methods.All.Select(m => new TheoryDataRow<string>(m.Name).OfMethod(m));

    [Theory, MemberData(nameof(EveryMethod))]
    public void Rank_0_is_refused_by_every_method(string name) => Assert.Contains("rank 0", Refusal(linear, Methods.Named(name), new MethodOptions(0)), StringComparison.Ordinal);

    [Theory, InlineData("lora"), InlineData("loha"), InlineData("glora"), InlineData("dylora")]
    public void A_rank_above_the_width_is_allowed(string name)
    {
        using var adapter = AdapterFactory.Create([linear], Methods.Named(name), _ => new MethodOptions(100));
        Assert.NotEmpty(adapter.Trainable);
    }

    [Fact]
    public void A_LoKr_of_huge_rank_has_two_whole_factors()
    {
        using var adapter = AdapterFactory.Create([linear], Lokr.Descriptor, _ => new MethodOptions(100000, 1));
        Assert.Equal(1, ((Lokr)adapter.Targets["unet.a"]).Scale);
    }

    [Fact]
    public void A_factor_that_does_not_divide_bounds_the_smaller_one()
    {
        using var adapter = AdapterFactory.Create([linear], Lokr.Descriptor, _ => new LokrOptions(100) { Factor = 5 });
        Assert.Equal([3, 2], ((Lokr)adapter.Targets["unet.a"]).Outer().shape);   // 12 = 3·4 and 8 = 2·4
    }

    [Fact]
    public void A_factor_of_0_is_refused() => Assert.Contains("factor 0", Refusal(linear, Lokr.Descriptor, new LokrOptions(2) { Factor = 0 }), StringComparison.Ordinal);

    [Fact]
    public void BOFT_says_which_block_size_a_width_needs()
    {
        Assert.Contains("the smallest that does is 6", Refusal(linear, Boft.Descriptor, new MethodOptions(4)), StringComparison.Ordinal);
        Assert.Contains("odd", Refusal(odd, Boft.Descriptor, new MethodOptions(4)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_rotation_needs_blocks_that_can_turn()
    {
        var prime = new Target("unet.p", LayerKind.Linear, [7, 8]);
        Assert.Contains("7 outputs", Refusal(prime, DiagOft.Descriptor, new MethodOptions(4)), StringComparison.Ordinal);
        Assert.Contains("5 blocks", Refusal(linear, KohyaOft.Descriptor, new MethodOptions(5)), StringComparison.Ordinal);
    }

    [Theory, InlineData("ia3"), InlineData("diag-oft"), InlineData("hra")]
    public void DoRA_and_a_learned_scalar_work_over_what_adds(string name)
    {
        Assert.Contains("multiplies", Refusal(linear, Methods.Named(name), new MethodOptions(4) { Dora = DoraAxis.Output }), StringComparison.Ordinal);
        Assert.Contains("multiplies", Refusal(linear, Methods.Named(name), new MethodOptions(4) { LearnedScalar = true }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_norm_has_no_low_rank() => Assert.Contains("norm", Refusal(norm, Lora.Descriptor, new MethodOptions(2)), StringComparison.Ordinal);

    [Fact]
    public void IA3_on_the_input_of_a_grouped_convolution_is_refused()
    {
        var grouped = new Target("unet.g", LayerKind.Conv2d, [6, 2, 3, 3], new Convolution([1, 1], [1, 1], [1, 1], 3));
        Assert.Contains("grouped", Refusal(grouped, Ia3.Descriptor, new Ia3Options(new MethodOptions(1)) { TrainOnInput = true }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_huge_alpha_is_only_a_scale()
    {
        using var lora = new Lora(linear, ones(1, 8), ones(12, 1), alpha: 1e10);
        Assert.Equal(1e10, lora.Scale);
    }
}
