namespace Lowrank.Torch.Tests;

public class SpelledArgumentsTests
{
    [Theory]
    [InlineData("lion", "betas=(0.95, 0.98)", "beta1=0.95 beta2=0.98")]
    [InlineData("adamw", "betas=0.9,0.95", "beta1=0.9 beta2=0.95")]
    [InlineData("AdamW8bit", "eps=1e-6", "epsilon=1E-06")]
    [InlineData("Prodigy", "safeguard_warmup=True", "safeguard_warmup=true")]
    [InlineData("prodigy", "betas=0.9,0.99", "beta1=0.9 beta2=0.99")]
    [InlineData("transformers.Adafactor", "eps=(1e-30, 1e-3)", "epsilon=1E-30 epsilon2=0.001")]
    [InlineData("adafactor", "beta1=None", "")]
    [InlineData("torch.optim.RMSprop", "alpha=0.9", "smoothing=0.9")]
    [InlineData("AdamWScheduleFree", "warmup_steps=10", "inner_warmup_steps=10")]
    public void WordsOfPythonsLibrariesAreUnderstood(string optimizer, string pair, string read) =>
        Assert.Equal(read, string.Join(' ', Optimizers.Named(optimizer).Read([pair]).Select(one => $"{one.Key}={one.Value}")));

    [Theory]
    [InlineData("lion", "beta3=0.9", "the optimizer lion has no argument \"beta3\" (nearest: beta")]
    [InlineData("prodigy", "d_coeff=2", "(nearest: d_coef")]
    [InlineData("adamw", "betas=0.9", "betas is 0.9, and has 2 numbers")]
    [InlineData("adamw", "weight_decay=much", "weight_decay is \"much\", which is no number")]
    [InlineData("adamw", "weight_decay", "write name=value")]
    public void WhatIsNotUnderstoodIsToldWithTheNearest(string optimizer, string pair, string told) =>
        Assert.Contains(told, Assert.Throws<LowrankException>(() => Optimizers.Named(optimizer).Read([pair])).Message, StringComparison.Ordinal);

    [Fact]
    public void WhatIsGivenTwiceIsTold() =>
        Assert.Contains("beta1 is given twice", Assert.Throws<LowrankException>(() => Optimizers.Named("lion").Read(["beta1=0.9", "betas=0.9,0.99"])).Message, StringComparison.Ordinal);
}
