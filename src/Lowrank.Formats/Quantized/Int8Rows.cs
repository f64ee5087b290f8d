namespace Lowrank.Formats;

/// <summary>bitsandbytes' 8 bits (LLM.int8): each row in steps of its largest magnitude / 127.</summary>
/// <remarks>Dettmers et al. 2022, arXiv:2208.07339.</remarks>
public static class Int8Rows
{
    const float Steps = 127;

    /// <summary>Rounds a matrix.</summary>
    /// <returns>Numbers (rows, columns) int8, and each row's largest magnitude (rows) float32 ("SCB"); they belong to the caller's
    /// scope.</returns>
    public static (Tensor Numbers, Tensor Largest) Encode(Tensor values)
    {
        using var scope = NewDisposeScope();
        var wide = values.to(ScalarType.Float32);
        var largest = wide.abs().amax([-1]);
        var numbers = (wide * Inverse(largest).unsqueeze(-1)).round().to(ScalarType.Int8);
        return (numbers.MoveToOuterDisposeScope(), largest.MoveToOuterDisposeScope());
    }

    /// <summary>The matrix in float32: q·largest / 127. It belongs to the caller's scope.</summary>
    public static Tensor Decode(Tensor numbers, Tensor largest)
    {
        using var scope = NewDisposeScope();
        StoredTensor.Require(largest, [numbers.shape[0]], "SCB");
        return (numbers.to(ScalarType.Float32) * (largest.to(ScalarType.Float32) / Steps).unsqueeze(-1)).MoveToOuterDisposeScope();
    }

    /// <summary>x Wᵀ + bias as bitsandbytes computes it: rows of x rounded as those of W are, but for columns that hold an outlier,
    /// which are multiplied in floats. It belongs to the caller's scope, in float32.</summary>
    /// <param name="x">(rows, in).</param>
    /// <param name="numbers">(out, in) int8.</param>
    /// <param name="largest">(out).</param>
    /// <param name="bias">(out), or null.</param>
    /// <param name="threshold">From which magnitude on a value is an outlier; 0 for none.</param>
    public static Tensor Multiply(Tensor x, Tensor numbers, Tensor largest, Tensor? bias, double threshold)
    {
        using var scope = NewDisposeScope();
        var wide = x.to(ScalarType.Float32);
        var outliers = threshold > 0 ? wide.abs().ge(threshold) : zeros_like(wide, ScalarType.Bool);
        var columns = outliers.any(0);
        // What a row is measured by leaves out the outliers alone, not the other values of their columns.
        var measures = wide.masked_fill(outliers, 0).abs().amax([-1], keepdim: true);
        var rounded = (wide * Inverse(measures)).round().masked_fill(columns.unsqueeze(0), 0);
        var answer = rounded.matmul(numbers.to(ScalarType.Float32).t()) * (measures / Steps) * (largest / Steps).unsqueeze(0);
        if (columns.any().ToBoolean())
        {
            var places = columns.nonzero().flatten();
            var weight = Decode(numbers, largest).index_select(1, places);
            answer = answer + wide.index_select(1, places).matmul(weight.t());
        }
        return (bias is null ? answer : answer + bias.to(ScalarType.Float32)).MoveToOuterDisposeScope();
    }

    // As torch divides a number by a tensor, which the peer does: a quotient in one step is another one at midpoints.
    static Tensor Inverse(Tensor largest) => (largest.reciprocal() * Steps).masked_fill(largest.eq(0), 0);
}
