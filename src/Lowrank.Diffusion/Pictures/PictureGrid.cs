namespace Lowrank.Diffusion;

/// <summary>Pictures side by side on white, with labels.</summary>
public static class PictureGrid
{
    /// <summary>White pixels between pictures unless told otherwise.</summary>
    public const int UsualMargin = 6;

    // Between a label and what it labels.
    const int Gap = 6;
    const int LeastLabelWidth = 96, MostLabelWidth = 260;

    /// <summary>Lays pictures out in rows. Cells are as large as the largest picture; long labels wrap.</summary>
    /// <param name="rows">The pictures of each row from the left; rows may be shorter than others.</param>
    /// <param name="rowLabels">Left of each row; null for none.</param>
    /// <param name="columnLabels">Above each column; null for none.</param>
    /// <param name="fontSize">Height of the labels' font in pixels.</param>
    /// <param name="margin">White pixels between pictures and around them, from 0.</param>
    /// <exception cref="LowrankException">There are no pictures, or more labels than rows or columns.</exception>
    public static Picture Compose(
        IReadOnlyList<IReadOnlyList<Picture>> rows,
        IReadOnlyList<LabelText>? rowLabels = null,
        IReadOnlyList<LabelText>? columnLabels = null,
        int fontSize = 14,
        int margin = UsualMargin)
    {
        int rowNames = rowLabels?.Count ?? 0, columnNames = columnLabels?.Count ?? 0;
        var all = rows.SelectMany(row => row).ToList();
        if (all.Count == 0) throw new LowrankException("A grid needs at least one picture.");
        int columns = rows.Max(row => row.Count);
        if (rowNames > rows.Count || columnNames > columns)
            throw new LowrankException(
                $"A grid of {rows.Count} rows and {columns} columns was given {rowNames} row labels and {columnNames} column labels.");
        int cellWidth = all.Max(p => p.Width), cellHeight = all.Max(p => p.Height);

        int widestLabel = Math.Clamp(cellWidth, LeastLabelWidth, MostLabelWidth);
        var left = rowLabels?.Select(text => Label.Draw(text, widestLabel, fontSize)).ToList() ?? [];
        var top = columnLabels?.Select(text => Label.Draw(text, cellWidth, fontSize, centred: true)).ToList() ?? [];
        int labelWidth = left.Count == 0 ? 0 : left.Max(l => l.Width) + Gap;
        int labelHeight = top.Count == 0 ? 0 : top.Max(l => l.Height) + Gap;
        // A row is as high as its picture or its label, whichever is higher.
        int[] heights = [.. rows.Select((_, r) => Math.Max(cellHeight, r < left.Count ? left[r].Height : 0))];

        int width = margin + labelWidth + columns * (cellWidth + margin);
        int height = margin + labelHeight + heights.Sum() + rows.Count * margin;
        var grid = Picture.Filled(width, height, 255, 255, 255);
        for (int c = 0; c < top.Count; c++)
            grid.Paste(top[c], X(c) + (cellWidth - top[c].Width) / 2, margin + labelHeight - Gap - top[c].Height);
        int y = margin + labelHeight;
        for (int r = 0; r < rows.Count; y += heights[r] + margin, r++)
        {
            if (r < left.Count) grid.Paste(left[r], margin + labelWidth - Gap - left[r].Width, y + (heights[r] - left[r].Height) / 2);
            for (int c = 0; c < rows[r].Count; c++)
                grid.Paste(rows[r][c], X(c) + (cellWidth - rows[r][c].Width) / 2, y + (heights[r] - rows[r][c].Height) / 2);
        }
        return grid;

        int X(int column) => margin + labelWidth + column * (cellWidth + margin);
    }
}
