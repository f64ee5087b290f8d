namespace Lowrank.Torch;

/// <summary>A layer's frozen weight, however it is stored: as it is, or rounded to few bits.</summary>
public interface IWeight
{
    /// <summary>Its shape, as the layer's kind has it.</summary>
    long[] Shape { get; }

    /// <summary>The dtype of its values, which those that are rounded to few bits have once they are unpacked.</summary>
    ScalarType Dtype { get; }

    /// <summary>
    /// How often its values were exchanged: what a forward pass computed with it cannot be computed again after another exchange.
    /// </summary>
    long Exchanges => 0;

    /// <summary>Where it lies.</summary>
    Device Device { get; }

    /// <summary>Whether a tensor of that dtype is there and need not be made: what may be kept for a backward pass at no cost.</summary>
    bool IsHeldAs(ScalarType dtype);

    /// <summary>
    /// The whole weight in its own dtype: the tensor that is held, or one that is made and belongs to the caller's scope.
    /// </summary>
    Tensor Dense();

    /// <summary>The same in another dtype.</summary>
    Tensor Dense(ScalarType dtype) => Dense() is var dense && dense.dtype == dtype ? dense : dense.to(dtype);

    /// <summary>A copy in float32, or float64 where its values are, for the caller to overwrite.</summary>
    /// <param name="scratch">Memory to copy to where <see cref="Replace"/> does not keep it.</param>
    Tensor Copied(Scratch scratch);

    /// <summary>Whether it can take these values: none of them infinite, as far as it can say.</summary>
    bool Holds(Tensor values);

    /// <summary>Takes other values, rounded as it stores them.</summary>
    /// <param name="values">Of the same shape, in its dtype or a wider one; their memory may be taken over.</param>
    /// <returns>What it was: dispose of it to keep the new values for good.</returns>
    /// <exception cref="ShapeException">Values of another shape.</exception>
    IFormerWeight Replace(Tensor values);
}
