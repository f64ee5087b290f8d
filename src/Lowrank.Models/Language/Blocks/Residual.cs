namespace Lowrank.Models;

/// <summary>What layers do around their branches.</summary>
static class Residual
{
    /// <summary>x + branch · scale.</summary>
    public static Tensor Sum(Tensor x, Tensor branch, double scale = 1) => scale == 1 ? x + branch : x + branch * scale;

    /// <summary>A feed-forward part as a branch, whether it asks for the pass or not.</summary>
    public static Func<Tensor, Pass, Tensor> Branch(nn.Module mlp) =>
        mlp is Layer<Tensor, Pass> asking ? asking.call : (x, _) => ((Layer)mlp).call(x);
}
