namespace Lowrank.Diffusion;

/// <summary>AUTOMATIC1111's settings for saving pictures and grids, with its defaults (modules/shared_options.py at 82a973c).</summary>
public sealed record WebUiSaving
{
    /// <summary>Names and folders.</summary>
    public FileNaming Naming { get; init; } = new();

    /// <summary>How pictures are written.</summary>
    public PictureEncoding Pictures { get; init; } = PictureEncoding.Png;

    /// <summary>How grids are written.</summary>
    public PictureEncoding Grids { get; init; } = PictureEncoding.Png;

    /// <summary>Whether names of grids tell seed and prompt as those of pictures do.</summary>
    public bool TellsInGridNames { get; init; }

    /// <summary>Rows of a grid; −1 for about as many as columns, 0 for as many as pictures are made at once.</summary>
    public int GridRows { get; init; } = -1;

    /// <summary>Whether a grid of its own choice has no places without a picture.</summary>
    public bool LeavesNoGaps { get; init; }
}
