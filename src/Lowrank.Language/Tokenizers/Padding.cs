namespace Lowrank.Language;

/// <summary>How rows are filled up to one length.</summary>
/// <param name="Id">The id that fills.</param>
public sealed record Padding(int Id)
{
    /// <summary>The length, or null for that of the longest row.</summary>
    public int? Length { get; init; }

    /// <summary>Whether the filling goes to the left.</summary>
    public bool OnLeft { get; init; }

    /// <summary>A number that the length is a multiple of; 1 for any.</summary>
    public int MultipleOf { get; init; } = 1;

    /// <summary>The type of the filling.</summary>
    public int TypeId { get; init; }
}
