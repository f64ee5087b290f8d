namespace Lowrank.Diffusion;

/// <summary>Rows and columns that pictures are laid out in.</summary>
/// <param name="Rows">Rows; the last may be short.</param>
/// <param name="Columns">Pictures of a full row.</param>
/// <remarks>Source: AUTOMATIC1111, modules/images.py, image_grid, at 1.10.1.</remarks>
public readonly record struct GridShape(int Rows, int Columns)
{
    /// <summary>As many rows as columns, or nearly.</summary>
    /// <param name="count">Pictures, from 1.</param>
    public static GridShape Square(int count) => OfRows(count, (int)Math.Round(Math.Sqrt(count)));

    /// <summary>A number of rows, at most one for each picture: the size of a batch makes each a column.</summary>
    public static GridShape OfRows(int count, int rows)
    {
        if (count < 1 || rows < 1)
            throw new LowrankException($"{count} pictures cannot be laid out in {rows} rows; give 1 or more of each.");
        rows = Math.Min(rows, count);
        return new(rows, (count + rows - 1) / rows);
    }

    /// <summary>The squarest layout without an empty place.</summary>
    public static GridShape Full(int count)
    {
        int rows = Math.Max((int)Math.Sqrt(count), 1);
        while (count % rows != 0) rows--;
        return OfRows(count, rows);
    }
}
