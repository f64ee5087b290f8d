namespace Lowrank.Models;

/// <summary>A layer of an encoder: of the state (B, T, C), what layers share, and the table that some families' layers read
/// besides.</summary>
/// <param name="name">Its published class.</param>
abstract class EncoderLayer(string name) : Layer<Tensor, Pass, Tensor?>(name)
{
    // Parts are registered under their published names, which are not those of fields.
    protected sealed override void RegisterComponents() { }
}
