namespace Lowrank.Training;

/// <summary>Rows of tokens that are learnt in one go, and which of them count.</summary>
/// <param name="Ids">Token ids (B, T), int64; pads stand where <paramref name="Mask"/> is 0.</param>
/// <param name="Mask">1 at tokens and 0 at pads, (B, T), int64.</param>
/// <param name="Labels">What is to be said, (B, T), int64: the label of a place is its own id, and losses shift it; −100 does not
/// count.</param>
/// <param name="Positions">Positions (B, T), int64, where they begin anew inside a row; null counts a row's tokens from 0.</param>
/// <param name="Documents">Which document of its row a token is of, (B, T), int64, from 1, and 0 at pads: documents do not see each
/// other. Null: a row is one document.</param>
/// <param name="Segments">Which part of a pair a token is of, (B, T), int64; null: the first.</param>
public sealed record LanguageBatch(
    Tensor Ids, Tensor Mask, Tensor Labels, Tensor? Positions = null, Tensor? Documents = null, Tensor? Segments = null) : IDisposable
{
    /// <summary>What <see cref="Labels"/> say of a token that does not count.</summary>
    public const long NotCounted = -100;

    /// <summary>The batch as a model is given it; of the same tensors.</summary>
    public LanguageInput ToInput() => new(Ids) { Mask = Mask, Positions = Positions, Documents = Documents, Types = Segments };

    /// <summary>The same on a device.</summary>
    internal LanguageBatch On(Device device) => device.type == DeviceType.CPU ? this : new(
        Ids.to(device), Mask.to(device), Labels.to(device), Positions?.to(device), Documents?.to(device), Segments?.to(device));

    /// <summary>Frees its tensors.</summary>
    public void Dispose()
    {
        foreach (var tensor in new[] { Ids, Mask, Labels, Positions, Documents, Segments }) tensor?.Dispose();
    }
}
