namespace Lowrank.Torch;

/// <summary>Numbers of rows whose gradients are known before anybody asks: each is of its own row alone.</summary>
public static class RowGradients
{
    /// <summary>The numbers again, with a history that leads to <paramref name="x"/>. Belongs to the caller's scope.</summary>
    /// <param name="x">Rows (N, C).</param>
    /// <param name="values">A number of each, (N), without a history.</param>
    /// <param name="slopes">By how much each number changes with its row, (N, C); kept until the backward pass, and then freed.</param>
    public static Tensor Run(Tensor x, Tensor values, Tensor slopes) =>
        RowGradientsFunction.apply([x, new RowGradientsFunction.Given(values, slopes)]);
}
